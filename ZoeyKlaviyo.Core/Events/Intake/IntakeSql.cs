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

    /// <returns>For each event whether it was new.</returns>
    public abstract Task<bool[]> SaveAsync(
        DbTransaction transaction, IReadOnlyDictionary<(int StoreId, string Email), VisitState> visits, IReadOnlyList<IntakeEvent> events);

    /// <summary>Inserts what is not there yet, and moves no visit.</summary>
    /// <returns>For each event whether it was new.</returns>
    public abstract Task<bool[]> InsertAsync(DbTransaction transaction, IReadOnlyList<IntakeEvent> events);
}
