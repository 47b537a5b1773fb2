using System.Data.Common;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>
/// The statements of intake, by hand: EF Core reaches half their speed and knows no insert that skips duplicates.
/// </summary>
internal abstract class IntakeSql
{
    /// <summary>Column order of every insert into Payloads.</summary>
    protected const string Columns =
        "\"StoreId\", \"AccountId\", \"Metric\", \"Email\", \"UniqueId\", \"State\", \"IsRetry\", \"InDoubt\", \"Outage\", \"Attempts\", " +
        "\"OccurredUtc\", \"ReceivedUtc\", \"Properties\", \"Value\", \"Currency\"";

    public static IntakeSql For(DatabaseProvider provider) =>
        provider == DatabaseProvider.Postgres ? new PostgresIntakeSql() : new SqliteIntakeSql();

    /// <summary>The visits of these shoppers, an empty one where there is none, held until the transaction ends.</summary>
    public abstract Task<Dictionary<(int StoreId, string Email), VisitState>> LockVisitsAsync(
        DbTransaction transaction, IReadOnlyList<(int StoreId, string Email)> shoppers);

    public abstract Task SaveVisitsAsync(DbTransaction transaction, IReadOnlyDictionary<(int StoreId, string Email), VisitState> visits);

    /// <returns>For each event whether it was new.</returns>
    public abstract Task<bool[]> InsertAsync(DbTransaction transaction, IReadOnlyList<IntakeEvent> events);

    protected static DbCommand Command(DbTransaction transaction, string text)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        return command;
    }
}
