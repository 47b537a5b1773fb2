using Microsoft.AspNetCore.Components;
using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Scheduling;

public sealed partial class SyncsSection
{
    private readonly HashSet<long> _active = [];
    private string _announcement = "";

    [Parameter, EditorRequired]
    public AuthorizedStore Store { get; set; } = default!;

    [Parameter, EditorRequired]
    public IReadOnlyList<SyncLine> Lines { get; set; } = [];

    [Parameter]
    public StoreCondition Condition { get; set; }

    [Parameter]
    public bool IsFolded { get; set; }

    protected override void OnParametersSet()
    {
        foreach (var line in Lines)
        {
            if (line.Active is { } active)
                _active.Add(active.Id);
            if (line.Last is { } last && _active.Remove(last.Id))
                _announcement = $"{line.Kind}: {RunWords.Result(last)}";
        }
    }
}
