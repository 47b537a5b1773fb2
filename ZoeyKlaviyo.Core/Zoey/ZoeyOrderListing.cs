using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>A store's orders from a time on: by the store's filter in the order of their ids, or, where it has none, backwards from the newest.</summary>
public sealed partial class ZoeyOrderListing(ZoeyPager pager, IOptions<ZoeyOptions> options, ILogger<ZoeyOrderListing> logger)
{
    /// <summary>Pages that are held in memory, as what comes newest first has to be turned round: 10,000 orders.</summary>
    private const int MaxPagesBackwards = 100;

    private readonly ZoeyResource _orders = ZoeyResource.Orders(options.Value);
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    internal async IAsyncEnumerable<ZoeyOrderPage> ReadAsync(
        ZoeyStore store, DateTimeOffset createdFromUtc, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The store's times have whole seconds.
        var from = DateTimeOffset.FromUnixTimeSeconds(createdFromUtc.ToUnixTimeSeconds());
        await using var pages = pager.ReadAsync(store, _orders, CreatedFrom(from, _zone), cancellationToken).GetAsyncEnumerator(cancellationToken);
        var (isFilterRefused, hasPage) = (false, false);
        try
        {
            hasPage = await pages.MoveNextAsync();
        }
        catch (ZoeyException exception) when (exception.HttpStatus == 400)
        {
            Log.NoFilter(logger, store.Id, exception.Message);
            isFilterRefused = true;
        }

        for (; hasPage; hasPage = await pages.MoveNextAsync())
        {
            if (Read(pages.Current, from) is { } page)
                yield return page;
        }

        if (!isFilterRefused)
            yield break;
        foreach (var page in await ReadBackwardsAsync(store, from, cancellationToken))
            yield return page;
    }

    // By id, which is one order's alone: those of one second may stand in another order on each page, so that a page's border would skip some.
    internal static ZoeyQuery CreatedFrom(DateTimeOffset from, TimeZoneInfo zone) =>
        new ZoeyQuery().FilterFrom("created_at", from, zone).OrderBy("entity_id", "asc");

    /// <summary>The orders of a page that are new enough, whatever the store's filter let through; null when there is nothing to tell.</summary>
    internal ZoeyOrderPage? Read(IReadOnlyList<ZoeyRecord> records, DateTimeOffset from)
    {
        var orders = new List<ZoeyOrder>();
        var unreadable = new List<UnreadableOrder>();
        foreach (var record in records)
        {
            try
            {
                if (!(WireJson.Time(record.Json, "created_at", _zone) < from))
                    orders.Add(OrderReader.Read(record.Json, record.Id, _zone));
            }
            catch (FormatException exception)
            {
                Log.Unreadable(logger, record.Id, exception.Message);
                unreadable.Add(new UnreadableOrder(record.Id, $"The store's order can't be read: {exception.Message}."));
            }
        }

        return orders.Count + unreadable.Count == 0 ? null : new ZoeyOrderPage([.. orders.OrderBy(order => order.CreatedUtc)], unreadable);
    }

    private async Task<List<ZoeyOrderPage>> ReadBackwardsAsync(ZoeyStore store, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var pages = new List<ZoeyOrderPage>();
        await foreach (var records in pager.ReadAsync(store, _orders, new ZoeyQuery().OrderBy("entity_id", "desc"), cancellationToken))
        {
            if (Read(records, from) is not { } page)
                break;
            if (pages.Count == MaxPagesBackwards)
            {
                throw new ZoeyException(
                    ZoeyProblem.Refused,
                    $"The store can't filter orders by their time, and more than {MaxPagesBackwards * 100} orders have come since "
                    + $"{from:yyyy-MM-dd HH:mm} UTC. Ask Zoey to let the API role read the orders' attribute created_at.");
            }

            pages.Add(page);
        }

        var unreadable = pages.SelectMany(page => page.Unreadable).ToList();
        var sorted = pages.SelectMany(page => page).OrderBy(order => order.CreatedUtc).Chunk(100).Select(chunk => new ZoeyOrderPage(chunk, [])).ToList();
        if (unreadable.Count > 0)
            sorted.Insert(0, new ZoeyOrderPage([], unreadable));
        return sorted;
    }

    private static partial class Log
    {
        [LoggerMessage(600, LogLevel.Information, "Store {StoreId} does not filter orders by their time, they are read backwards: {Reason}")]
        public static partial void NoFilter(ILogger logger, int storeId, string reason);

        [LoggerMessage(601, LogLevel.Warning, "Order {Order} can't be read: {Reason}")]
        public static partial void Unreadable(ILogger logger, string order, string reason);
    }
}
