using System.Globalization;
using Microsoft.AspNetCore.Components;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Audit;

namespace ZoeyKlaviyo.Admin.Audit;

/// <summary>One run: what came of it, its problems with their cure, and its records.</summary>
public sealed partial class RunPage
{
    private const int PageSize = 50;

    private readonly LiveRows<RunRecord> _rows = new(record => record.Id);
    private RecordGrid? _grid;
    private RunDetail? _detail;
    private RecordDetail? _record;
    private string? _older;
    private bool _isFolded;

    [Parameter]
    public long Run { get; set; }

    [Inject]
    private RunDetails Details { get; init; } = default!;

    private RecordFilter Filter => AuditQuery.Records(AuditPaths.Query(Navigation.Uri));

    private bool IsFiltered => Filter != new RecordFilter();

    protected override async Task<Action> ReadAsync(AuthorizedStore store, bool isLive, CancellationToken cancellationToken)
    {
        var run = Run;
        var query = AuditPaths.Query(Navigation.Uri);
        var detail = await Details.FindAsync(store, run, cancellationToken);
        if (detail is null)
            return Missing(run);
        var page = await Details.RecordsAsync(store, run, Filter, Id(query["older"]), PageSize, cancellationToken);
        var record = Id(query["record"]) is { } recordId ? await Details.RecordAsync(store, recordId, cancellationToken) : null;
        return () =>
        {
            var isOther = _detail?.Run.Id != run;
            (_detail, _record, _isFolded) = (detail, record, false);
            if (isLive && !isOther && (IsFiltered || _grid is { HasHandsOn: true }))
            {
                _rows.Update(page.Records);
                return;
            }

            _rows.Show(page.Records);
            _older = page.Older?.ToString(CultureInfo.InvariantCulture);
        };
    }

    /// <summary>A run that found nothing to do is folded into an earlier one when it ends, perhaps while somebody looks at it.</summary>
    private Action Missing(long run) => () =>
    {
        if (_detail?.Run.Id == run)
            _isFolded = true;
        else
            Navigation.NotFound();
    };

    private static long? Id(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private void Open(long record) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("record", record));

    private async Task CloseAsync()
    {
        if (_record?.Record.Id is not { } record)
            return;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("record", (long?)null));
        if (_grid is not null)
            await _grid.FocusAsync(record);
    }
}
