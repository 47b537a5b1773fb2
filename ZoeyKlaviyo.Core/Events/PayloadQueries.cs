using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events;

/// <param name="State">Null shows every state.</param>
/// <param name="Search">Part of an address, metric or unique id.</param>
/// <param name="FromUtc">By time of receipt; inclusive.</param>
/// <param name="ToUtc">Exclusive.</param>
public sealed record PayloadFilter(PayloadState? State = null, string? Search = null, DateTimeOffset? FromUtc = null, DateTimeOffset? ToUtc = null);

/// <param name="Older">The last id of this page, to ask for the next; null on the last.</param>
public sealed record PayloadPage(IReadOnlyList<Payload> Payloads, long? Older);

/// <summary>Payloads by state.</summary>
public sealed class PayloadQueries(Database database)
{
    public Task<PayloadPage> PageAsync(AuthorizedStore store, PayloadFilter filter, long? older, int size, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async db =>
            {
                var payloads = await Payloads(db, store, filter).Where(payload => older == null || payload.Id < older)
                    .OrderByDescending(payload => payload.Id).Take(size + 1).ToListAsync(cancellationToken);
                return payloads.Count <= size ? new PayloadPage(payloads, null) : new PayloadPage(payloads[..size], payloads[size - 1].Id);
            },
            cancellationToken);

    /// <summary>How many there are in each state; states without any are left out.</summary>
    public Task<Dictionary<PayloadState, int>> CountAsync(AuthorizedStore store, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.Payloads.Where(payload => payload.StoreId == store.Id)
            .GroupBy(payload => payload.State)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken),
        cancellationToken);

    /// <summary>Newest first, as a stream.</summary>
    public IAsyncEnumerable<Payload> StreamAsync(AuthorizedStore store, PayloadFilter filter, CancellationToken cancellationToken) =>
        database.StreamAsync(db => Payloads(db, store, filter).OrderByDescending(payload => payload.Id), cancellationToken);

    private static IQueryable<Payload> Payloads(AppDbContext db, AuthorizedStore store, PayloadFilter filter)
    {
        var payloads = db.Payloads.Where(payload => payload.StoreId == store.Id);
        if (filter.State is { } state)
            payloads = payloads.Where(payload => payload.State == state);
        if (filter.FromUtc is { } from)
            payloads = payloads.Where(payload => payload.ReceivedUtc >= from);
        if (filter.ToUtc is { } to)
            payloads = payloads.Where(payload => payload.ReceivedUtc < to);
        if (filter.Search is { Length: > 0 } search)
        {
            var pattern = LikePattern.Containing(search);
            payloads = payloads.Where(payload => EF.Functions.Like(payload.Email, pattern, LikePattern.Escape)
                || EF.Functions.Like(payload.Metric.ToLower(), pattern, LikePattern.Escape)
                || EF.Functions.Like(payload.UniqueId.ToLower(), pattern, LikePattern.Escape));
        }

        return payloads;
    }
}
