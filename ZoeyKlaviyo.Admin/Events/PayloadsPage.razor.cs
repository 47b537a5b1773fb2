using System.Globalization;
using Microsoft.AspNetCore.Components;
using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;

namespace ZoeyKlaviyo.Admin.Events;

/// <summary>Everything that was or will be told to Klaviyo, by state.</summary>
public sealed partial class PayloadsPage
{
    private const int PageSize = 50;

    private readonly LiveRows<Payload> _rows = new(payload => payload.Id);
    private Dictionary<PayloadState, int> _counts = [];
    private PayloadGrid? _grid;
    private PayloadDetail? _payload;
    private string? _older;
    private bool _isRead;

    [Inject]
    private PayloadQueries Queries { get; init; } = default!;

    [Inject]
    private RunDetails Details { get; init; } = default!;

    private PayloadFilter Filter => AuditQuery.Payloads(AuditPaths.Query(Navigation.Uri));

    private bool IsFiltered => Filter != new PayloadFilter();

    private string Verdict
    {
        get
        {
            var (waiting, retrying, failed) = (Count(PayloadState.New) + Count(PayloadState.Sending), Count(PayloadState.Retry), Count(PayloadState.Failed));
            var parts = new[]
            {
                waiting > 0 ? $"{Words.Count(waiting, "event")} {(waiting == 1 ? "waits" : "wait")}" : null,
                retrying > 0 ? $"{Words.Number(retrying)} {(retrying == 1 ? "is" : "are")} tried again" : null,
                failed > 0 ? $"{Words.Number(failed)} failed and {(failed == 1 ? "needs" : "need")} somebody to look" : null,
            };
            var open = string.Join(", ", parts.OfType<string>());
            return open.Length > 0 ? open + "." : _counts.Count == 0 ? "Nothing has been recorded yet." : "Everything sent.";
        }
    }

    protected override async Task<Action> ReadAsync(AuthorizedStore store, bool isLive, CancellationToken cancellationToken)
    {
        var query = AuditPaths.Query(Navigation.Uri);
        var counts = await Queries.CountAsync(store, cancellationToken);
        var page = await Queries.PageAsync(store, Filter, Id(query["older"]), PageSize, cancellationToken);
        var payload = Id(query["payload"]) is { } id ? await Details.PayloadAsync(store, id, cancellationToken) : null;
        return () =>
        {
            (_counts, _payload, _isRead) = (counts, payload, true);
            if (isLive && (IsFiltered || _grid is { HasHandsOn: true }))
            {
                _rows.Update(page.Payloads);
                return;
            }

            _rows.Show(page.Payloads);
            _older = page.Older?.ToString(CultureInfo.InvariantCulture);
        };
    }

    private static long? Id(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private int Count(PayloadState state) => _counts.GetValueOrDefault(state);

    private string StateAddress(PayloadState? state) => FilterAddress.With(Navigation, ("state", state?.ToString()), ("payload", null));

    private void Open(long payload) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("payload", payload));

    private async Task CloseAsync()
    {
        if (_payload?.Payload.Id is not { } payload)
            return;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("payload", (long?)null));
        if (_grid is not null)
            await _grid.FocusAsync(payload);
    }
}
