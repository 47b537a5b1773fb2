using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Addresses;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>What a run's records say of orders that do not count.</summary>
internal static class OrderRecords
{
    private const int MaxLength = 400;
    private const int MaxIdLength = 40;

    public static void AddSkipped(AppDbContext db, Run run, StoreOrder row, ZoeyOrder? order, DateTimeOffset now)
    {
        var email = order?.Email is { } text ? EmailAddress.Normalize(text) ?? KlaviyoText.Clean(text, 100) : null;
        Add(db, run, $"Order {row.Number}{(email is null ? "" : $" · {email}")}", RecordResult.Skipped, row.Reason!, OrderReasons.Words(row.Reason!), now);
        run.Counts.Skipped++;
    }

    /// <summary>Records, each once, the orders that the store gave but that can't be read.</summary>
    /// <returns>How many were recorded.</returns>
    public static async Task<int> AddUnreadableAsync(AppDbContext db, Run run, IReadOnlyList<UnreadableOrder> orders, DateTimeOffset now)
    {
        var byNumber = orders.DistinctBy(UnreadableNumber).ToDictionary(UnreadableNumber);
        var numbers = byNumber.Keys.ToList();
        var known = numbers.Count == 0 ? [] : await db.StoreOrders
            .Where(row => row.StoreId == run.StoreId && EF.Parameter(numbers).Contains(row.Number)).Select(row => row.Number).ToListAsync();
        foreach (var number in numbers.Except(known))
        {
            var order = byNumber[number];
            db.StoreOrders.Add(new StoreOrder
            {
                StoreId = run.StoreId,
                Number = number,
                State = StoreOrderState.Skipped,
                Reason = OrderReasons.Unreadable,
                CreatedUtc = now,
                FirstSeenUtc = now,
                IsReported = true,
            });
            Add(db, run, $"Order {KlaviyoText.Clean(order.Id, MaxIdLength) ?? "without a number"}", RecordResult.Failed, OrderReasons.Unreadable, order.Reason, now);
            run.Counts.Failed++;
        }

        return numbers.Count - known.Count;
    }

    /// <summary>Not the order's number, by which it would be known if it came in a better form.</summary>
    private static string UnreadableNumber(UnreadableOrder order) =>
        $"{OrderReasons.Unreadable} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(order.Id)))[..32]}";

    /// <summary>Records, once, what pushes brought that did not count.</summary>
    /// <returns>How many were recorded.</returns>
    public static async Task<int> ReportAsync(AppDbContext db, Run run, int size, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await Unreported(db, run.StoreId).OrderBy(row => row.Id).Take(size).ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            AddSkipped(db, run, row, row.Body is { } body ? JsonSerializer.Deserialize<ZoeyOrder>(body) : null, now);
            (row.IsReported, row.Body) = (true, null);
        }

        return rows.Count;
    }

    private static void Add(AppDbContext db, Run run, string record, RecordResult result, string code, string error, DateTimeOffset now) =>
        db.RunRecords.Add(new RunRecord
        {
            RunId = run.Id,
            StoreId = run.StoreId,
            Record = record.Length <= MaxLength ? record : record[..MaxLength],
            Operation = Metrics.PlacedOrder,
            Result = result,
            Error = error,
            ErrorCode = code,
            AtUtc = now,
        });

    public static IQueryable<StoreOrder> Unreported(AppDbContext db, int storeId) =>
        db.StoreOrders.Where(row => row.StoreId == storeId && !row.IsReported);
}
