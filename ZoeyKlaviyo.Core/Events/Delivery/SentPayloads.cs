using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>
/// Settles what one answer has sent, up to a thousand, in two statements by hand: EF Core knows no insert from a query, and row by
/// row the records cost more than sending.
/// </summary>
internal static class SentPayloads
{
    public const string Operation = "Send event";

    private const string Update =
        "UPDATE \"Payloads\" SET \"State\" = 'Sent', \"Outage\" = FALSE, \"InDoubt\" = FALSE, \"Attempts\" = \"Attempts\" + 1, " +
        "\"RunId\" = NULL, \"HttpStatus\" = {1}, \"Error\" = NULL, \"SentUtc\" = {2}, \"NextTryUtc\" = NULL WHERE \"Id\" IN ";

    private const string Insert =
        "INSERT INTO \"RunRecords\" (\"RunId\", \"StoreId\", \"PayloadId\", \"Record\", \"Operation\", \"Result\", \"HttpStatus\", \"Answer\", \"AtUtc\") " +
        "SELECT {3}, \"StoreId\", \"Id\", \"Metric\" || ' · ' || \"Email\", {4}, 'Sent', {1}, '', {2} FROM \"Payloads\" WHERE \"Id\" IN ";

    private const string SqliteIds = "(SELECT \"value\" FROM json_each({0}))";
    private const string PostgresIds = "(SELECT CAST(jsonb_array_elements_text(CAST({0} AS jsonb)) AS bigint))";

    private static readonly string[] s_sqlite = [Update + SqliteIds, Insert + SqliteIds + " ORDER BY \"Id\""];
    private static readonly string[] s_postgres = [Update + PostgresIds, Insert + PostgresIds + " ORDER BY \"Id\""];

    public static string NameOf(Payload payload) => $"{payload.Metric} · {payload.Email}";

    public static async Task SettleAsync(
        AppDbContext db, Run run, string operation, DateTimeOffset atUtc, int status, IEnumerable<long> payloadIds, CancellationToken cancellationToken)
    {
        object[] values = [JsonSerializer.Serialize(payloadIds), status, atUtc.ToUnixTimeMilliseconds(), run.Id, operation];
        foreach (var statement in db.Database.IsNpgsql() ? s_postgres : s_sqlite)
            await db.Database.ExecuteSqlRawAsync(statement, values, cancellationToken);
    }
}
