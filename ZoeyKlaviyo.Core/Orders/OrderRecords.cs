using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Addresses;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>What a run's records say of orders that do not count.</summary>
internal static class OrderRecords
{
    private const int MaxLength = 400;

    public static void AddSkipped(AppDbContext db, Run run, StoreOrder row, ZoeyOrder? order, DateTimeOffset now)
    {
        var email = order?.Email is { } text ? EmailAddress.Normalize(text) ?? OrderText.Clean(text, 100) : null;
        var record = $"Order {row.Number}{(email is null ? "" : $" · {email}")}";
        db.RunRecords.Add(new RunRecord
        {
            RunId = run.Id,
            StoreId = run.StoreId,
            Record = record.Length <= MaxLength ? record : record[..MaxLength],
            Operation = Metrics.PlacedOrder,
            Result = RecordResult.Skipped,
            Error = OrderReasons.Words(row.Reason!),
            ErrorCode = row.Reason,
            AtUtc = now,
        });
        run.Counts.Skipped++;
    }

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

    public static IQueryable<StoreOrder> Unreported(AppDbContext db, int storeId) =>
        db.StoreOrders.Where(row => row.StoreId == storeId && !row.IsReported);
}
