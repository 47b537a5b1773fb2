using System.Data.Common;
using Npgsql;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>Whole batches as arrays, in two round trips, whatever their length; prepared once a connection of the pool.</summary>
internal sealed class PostgresIntakeSql : IntakeSql
{
    private const string InsertMissingVisits =
        "INSERT INTO \"Visits\" (\"StoreId\", \"Email\", \"StartedUtc\", \"LastSeenUtc\", \"IsCounted\") " +
        "SELECT s, e, 0, 0, false FROM unnest($1::int[], $2::text[]) AS t(s, e) ORDER BY s, e ON CONFLICT DO NOTHING";

    // Ordered, so that two instances never wait for each other in a circle.
    private const string LockVisits =
        "SELECT \"StoreId\", \"Email\", \"StartedUtc\", \"LastSeenUtc\", \"IsCounted\" FROM \"Visits\" " +
        "WHERE (\"StoreId\", \"Email\") IN (SELECT s, e FROM unnest($1::int[], $2::text[]) AS t(s, e)) ORDER BY \"StoreId\", \"Email\" FOR UPDATE";

    private const string UpdateVisits =
        "UPDATE \"Visits\" AS v SET \"StartedUtc\" = t.started, \"LastSeenUtc\" = t.seen, \"IsCounted\" = t.counted " +
        "FROM unnest($1::int[], $2::text[], $3::bigint[], $4::bigint[], $5::boolean[]) AS t(s, e, started, seen, counted) " +
        "WHERE v.\"StoreId\" = t.s AND v.\"Email\" = t.e";

    private const string InsertPayloads =
        "INSERT INTO \"Payloads\" (" + Columns + ") " +
        "SELECT s, a, m, e, u, 'New', false, false, false, 0, occurred, received, p, v, c " +
        "FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::numeric[], $10::text[]) " +
        "AS t(s, a, m, e, u, occurred, received, p, v, c) " +
        "ON CONFLICT DO NOTHING RETURNING \"StoreId\", \"AccountId\", \"Metric\", \"Email\", \"UniqueId\"";

    public override async Task<Dictionary<(int StoreId, string Email), VisitState>> LockVisitsAsync(
        DbTransaction transaction, IReadOnlyList<(int StoreId, string Email)> shoppers)
    {
        var (stores, emails) = (shoppers.Select(shopper => shopper.StoreId).ToArray(), shoppers.Select(shopper => shopper.Email).ToArray());
        var visits = new Dictionary<(int, string), VisitState>(shoppers.Count);
        await using var batch = Batch(transaction);
        batch.BatchCommands.Add(Command(InsertMissingVisits, stores, emails));
        batch.BatchCommands.Add(Command(LockVisits, stores, emails));
        await batch.PrepareAsync();
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            visits[(reader.GetInt32(0), reader.GetString(1))] = reader.GetInt64(3) == 0
                ? VisitState.None()
                : VisitState.Of(Time(reader.GetInt64(2)), Time(reader.GetInt64(3)), reader.GetBoolean(4));
        }

        return visits;
    }

    public override async Task<bool[]> SaveAsync(
        DbTransaction transaction, IReadOnlyDictionary<(int StoreId, string Email), VisitState> visits, IReadOnlyList<IntakeEvent> events)
    {
        await using var batch = Batch(transaction);
        batch.BatchCommands.Add(Command(
            UpdateVisits,
            visits.Keys.Select(shopper => shopper.StoreId).ToArray(),
            visits.Keys.Select(shopper => shopper.Email).ToArray(),
            visits.Values.Select(visit => visit.StartedUtc.ToUnixTimeMilliseconds()).ToArray(),
            visits.Values.Select(visit => visit.LastSeenUtc.ToUnixTimeMilliseconds()).ToArray(),
            visits.Values.Select(visit => visit.IsCounted).ToArray()));
        return await InsertAsync(batch, events);
    }

    public override async Task<bool[]> InsertAsync(DbTransaction transaction, IReadOnlyList<IntakeEvent> events)
    {
        await using var batch = Batch(transaction);
        return await InsertAsync(batch, events);
    }

    private static async Task<bool[]> InsertAsync(NpgsqlBatch batch, IReadOnlyList<IntakeEvent> events)
    {
        batch.BatchCommands.Add(Command(
            InsertPayloads,
            events.Select(item => item.StoreId).ToArray(),
            events.Select(item => item.AccountId).ToArray(),
            events.Select(item => item.Event.Metric).ToArray(),
            events.Select(item => item.Email).ToArray(),
            events.Select(item => item.Event.UniqueId).ToArray(),
            events.Select(item => item.Event.OccurredUtc.ToUnixTimeMilliseconds()).ToArray(),
            events.Select(item => item.ReceivedUtc.ToUnixTimeMilliseconds()).ToArray(),
            events.Select(item => item.Event.Properties).ToArray(),
            events.Select(item => item.Event.Value).ToArray(),
            events.Select(item => item.Event.Currency).ToArray()));
        await batch.PrepareAsync();
        var inserted = new HashSet<(int, string, string, string, string)>();
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                inserted.Add((reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
        }

        return events
            .Select(item => inserted.Contains((item.StoreId, item.AccountId, item.Event.Metric, item.Email, item.Event.UniqueId)))
            .ToArray();
    }

    private static NpgsqlBatch Batch(DbTransaction transaction) =>
        new((NpgsqlConnection)transaction.Connection!, (NpgsqlTransaction)transaction);

    private static NpgsqlBatchCommand Command(string text, params ReadOnlySpan<object> arrays)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var array in arrays)
            command.Parameters.Add(new NpgsqlParameter { Value = array });
        return command;
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
