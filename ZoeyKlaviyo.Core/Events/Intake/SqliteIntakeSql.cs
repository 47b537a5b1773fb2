using System.Data.Common;
using System.Globalization;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>Prepared statements, one row at a time: in the same process a call costs less than a longer statement would.</summary>
internal sealed class SqliteIntakeSql : IntakeSql
{
    private const string SelectVisit =
        "SELECT \"StartedUtc\", \"LastSeenUtc\", \"IsCounted\" FROM \"Visits\" WHERE \"StoreId\" = $p0 AND \"Email\" = $p1";

    private const string UpsertVisit =
        "INSERT INTO \"Visits\" (\"StoreId\", \"Email\", \"StartedUtc\", \"LastSeenUtc\", \"IsCounted\") VALUES ($p0, $p1, $p2, $p3, $p4) " +
        "ON CONFLICT (\"StoreId\", \"Email\") DO UPDATE SET \"StartedUtc\" = $p2, \"LastSeenUtc\" = $p3, \"IsCounted\" = $p4";

    private const string InsertPayload =
        "INSERT INTO \"Payloads\" (" + Columns + ") VALUES ($p0, $p1, $p2, $p3, $p4, 'New', 0, 0, 0, 0, $p5, $p6, $p7, $p8, $p9) ON CONFLICT DO NOTHING";

    /// <summary>SQLite has one writer at a time, so reading inside the transaction is the lock.</summary>
    public override async Task<Dictionary<(int StoreId, string Email), VisitState>> LockVisitsAsync(
        DbTransaction transaction, IReadOnlyList<(int StoreId, string Email)> shoppers)
    {
        var visits = new Dictionary<(int, string), VisitState>(shoppers.Count);
        await using var command = Prepare(transaction, SelectVisit, 2);
        foreach (var shopper in shoppers)
        {
            Set(command, shopper.StoreId, shopper.Email);
            await using var reader = await command.ExecuteReaderAsync();
            visits[shopper] = await reader.ReadAsync()
                ? VisitState.Of(Time(reader.GetInt64(0)), Time(reader.GetInt64(1)), reader.GetBoolean(2))
                : VisitState.None();
        }

        return visits;
    }

    public override async Task<bool[]> SaveAsync(
        DbTransaction transaction, IReadOnlyDictionary<(int StoreId, string Email), VisitState> visits, IReadOnlyList<IntakeEvent> events)
    {
        await SaveVisitsAsync(transaction, visits);
        return await InsertAsync(transaction, events);
    }

    private static async Task SaveVisitsAsync(DbTransaction transaction, IReadOnlyDictionary<(int StoreId, string Email), VisitState> visits)
    {
        await using var command = Prepare(transaction, UpsertVisit, 5);
        foreach (var (shopper, visit) in visits)
        {
            Set(command, shopper.StoreId, shopper.Email, Milliseconds(visit.StartedUtc), Milliseconds(visit.LastSeenUtc), visit.IsCounted);
            await command.ExecuteNonQueryAsync();
        }
    }

    public override async Task<bool[]> InsertAsync(DbTransaction transaction, IReadOnlyList<IntakeEvent> events)
    {
        var isNew = new bool[events.Count];
        await using var command = Prepare(transaction, InsertPayload, 10);
        for (var i = 0; i < events.Count; i++)
        {
            var (item, source) = (events[i], events[i].Event);
            Set(
                command,
                item.StoreId,
                item.AccountId,
                source.Metric,
                item.Email,
                source.UniqueId,
                Milliseconds(source.OccurredUtc),
                Milliseconds(item.ReceivedUtc),
                source.Properties,
                // As EF Core's SQLite provider stores a decimal.
                source.Value?.ToString("0.0###########################", CultureInfo.InvariantCulture),
                source.Currency);
            isNew[i] = await command.ExecuteNonQueryAsync() > 0;
        }

        return isNew;
    }

    private static DbCommand Prepare(DbTransaction transaction, string text, int parameters)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        for (var i = 0; i < parameters; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "$p" + i.ToString(CultureInfo.InvariantCulture);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static void Set(DbCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
