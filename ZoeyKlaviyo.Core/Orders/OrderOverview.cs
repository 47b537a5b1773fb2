using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Orders;

/// <param name="ReadUntilUtc">Orders placed before it were read; null before the first reading.</param>
/// <param name="ReadUtc">When orders were last read to the end.</param>
/// <param name="Problem">Why the last reading failed; null when it did not.</param>
/// <param name="NotPlaced">Orders that wait to be paid, or for another status that counts as placed.</param>
/// <param name="Unfinished">Orders that wait for what the store knows of their products.</param>
public sealed record OrderReading(DateTimeOffset? ReadUntilUtc, DateTimeOffset? ReadUtc, string? Problem, int NotPlaced, int Unfinished);

/// <summary>How far a store's orders were read, and how many wait.</summary>
public sealed class OrderOverview(Database database)
{
    public Task<OrderReading> ReadAsync(AuthorizedStore store, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var watermark = await db.OrderWatermarks.SingleOrDefaultAsync(row => row.StoreId == store.Id, cancellationToken);
            var waiting = await db.StoreOrders.Where(row => row.StoreId == store.Id && row.State == StoreOrderState.Waiting)
                .GroupBy(row => row.Reason == OrderReasons.NotPlaced)
                .Select(group => new { IsNotPlaced = group.Key, Count = group.Count() })
                .ToListAsync(cancellationToken);
            int Count(bool isNotPlaced) => waiting.Where(group => group.IsNotPlaced == isNotPlaced).Sum(group => group.Count);
            return new OrderReading(watermark?.ReadUntilUtc, watermark?.ReadUtc, watermark?.Problem, Count(true), Count(false));
        },
        cancellationToken);
}
