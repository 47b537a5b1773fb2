using Microsoft.AspNetCore.Components;
using ZoeyKlaviyo.Admin.Shared;

namespace ZoeyKlaviyo.Admin.Audit;

public sealed partial class JsonBlock
{
    private PageScript? _script;
    private bool? _copied;

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter]
    public string? Text { get; set; }

    /// <summary>What to say when there is no text.</summary>
    [Parameter]
    public string? Empty { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    public ValueTask DisposeAsync() => _script?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task CopyAsync()
    {
        _script ??= new PageScript(Browser, Assets["page.js"]);
        _copied = await _script.CopyAsync(RecordWords.Readable(Text!));
    }
}
