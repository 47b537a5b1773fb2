using System.Runtime.CompilerServices;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>A store's newsletter subscribers: all of them, the newest, and those whose status changed.</summary>
internal sealed class ZoeySubscriberListing(IZoeyStores stores, ZoeyPager pager, ZoeyOptions options)
{
    /// <summary>Of one look at what is new: a few thousand subscribers.</summary>
    internal const int MaxPages = 30;

    private readonly ZoeyResource _subscribers = ZoeyResource.Subscribers(options);
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);

    private string IdName => _subscribers.IdNames[0];

    public async IAsyncEnumerable<ZoeySubscriberPage> ReadAllAsync(int storeId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        await using var pages = await StartAsync(
            query => pager.ReadToEndAsync(store, _subscribers, query, cancellationToken),
            // No stock Magento has this resource, so that nobody knows what it can be sorted by.
            [new ZoeyQuery().OrderBy(IdName, "asc"), new ZoeyQuery()]);
        if (pages.Refusal is { } refusal)
            throw refusal;
        for (var hasPage = pages.HasPage; hasPage; hasPage = await pages.MoveNextAsync())
            yield return Read(pages.Current);
        yield return new ZoeySubscriberPage([], [], EndsList: true);
    }

    public async IAsyncEnumerable<ZoeySubscriberPage> ReadNewestAsync(
        int storeId, DateTimeOffset? changedFromUtc, long? knownId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        await foreach (var page in ReadHighestAsync(store, knownId, cancellationToken))
            yield return page;
        if (changedFromUtc is not { } from)
            yield break;
        await foreach (var page in ReadChangedAsync(store, from, cancellationToken))
            yield return page;
    }

    private async IAsyncEnumerable<ZoeySubscriberPage> ReadHighestAsync(
        ZoeyStore store, long? knownId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var pages = await StartAsync(
            query => pager.ReadAsync(store, _subscribers, query, cancellationToken), [new ZoeyQuery().OrderBy(IdName, "desc")]);
        if (pages.Refusal is not null)
            yield return Without(ZoeySubscriberGap.Newest);
        var count = 0;
        for (var hasPage = pages.HasPage; hasPage; hasPage = await pages.MoveNextAsync())
        {
            var page = Read(pages.Current);
            yield return page;
            var isKnown = knownId is null || page.Subscribers.All(subscriber => subscriber.Id <= knownId);
            var gap = !Descends(page) ? ZoeySubscriberGap.Newest : !isKnown && ++count == MaxPages ? ZoeySubscriberGap.TooMany : ZoeySubscriberGap.None;
            if (gap != ZoeySubscriberGap.None)
                yield return Without(gap);
            if (isKnown || gap != ZoeySubscriberGap.None)
                yield break;
        }
    }

    /// <param name="fromUtc">To the second; rows that changed a little earlier may come along.</param>
    private async IAsyncEnumerable<ZoeySubscriberPage> ReadChangedAsync(
        ZoeyStore store, DateTimeOffset fromUtc, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var from = DateTimeOffset.FromUnixTimeSeconds(fromUtc.ToUnixTimeSeconds());
        await using var pages = await StartAsync(
            query => pager.ReadAsync(store, _subscribers, query, cancellationToken),
            [new ZoeyQuery().FilterFrom("change_status_at", from, _zone).OrderBy(IdName, "asc"), new ZoeyQuery().FilterFrom("change_status_at", from, _zone)]);
        if (pages.Refusal is not null)
            yield return Without(ZoeySubscriberGap.Changes);
        var count = 0;
        for (var hasPage = pages.HasPage; hasPage; hasPage = await pages.MoveNextAsync())
        {
            var page = Read(pages.Current);
            // What a filter by this time can't let through: the store does not know the filter and answers with its whole list.
            if (page.Subscribers.Any(subscriber => !(subscriber.ChangedUtc >= from - TimeSpan.FromHours(3))))
            {
                yield return Without(ZoeySubscriberGap.Changes);
                yield break;
            }

            yield return page;
            if (++count == MaxPages)
            {
                yield return Without(ZoeySubscriberGap.TooMany);
                yield break;
            }
        }
    }

    private static ZoeySubscriberPage Without(ZoeySubscriberGap gap) => new([], [], Gap: gap);

    /// <summary>A store that ignores the order it is asked for shows its oldest subscribers first.</summary>
    private static bool Descends(ZoeySubscriberPage page) =>
        page.Subscribers.Zip(page.Subscribers.Skip(1)).All(pair => pair.First.Id > pair.Second.Id) && page.Subscribers.All(subscriber => subscriber.Id is not null);

    private ZoeySubscriberPage Read(IReadOnlyList<ZoeyRecord> records)
    {
        var subscribers = new List<ZoeySubscriber>(records.Count);
        var unreadable = new List<UnreadableSubscriber>();
        foreach (var record in records)
        {
            try
            {
                subscribers.Add(SubscriberReader.Read(record.Json, record.Id, _zone));
            }
            catch (FormatException exception)
            {
                unreadable.Add(new UnreadableSubscriber(SubscriberReader.NameOf(record), $"The store's subscriber can't be read: {exception.Message}."));
            }
        }

        return new ZoeySubscriberPage(subscribers, unreadable);
    }

    private async Task<ZoeyPages> StartAsync(Func<ZoeyQuery, IAsyncEnumerable<IReadOnlyList<ZoeyRecord>>> list, ZoeyQuery[] queries)
    {
        try
        {
            return await ZoeyPages.StartAsync(list, queries);
        }
        catch (ZoeyException exception) when (exception.Problem == ZoeyProblem.NotFound)
        {
            // Of a list as a whole, it says the same.
            throw ZoeyAnswers.NoSuchEndpoint(_subscribers, exception.HttpStatus);
        }
    }
}
