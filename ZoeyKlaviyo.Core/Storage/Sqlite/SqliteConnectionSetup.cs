using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ZoeyKlaviyo.Core.Storage.Sqlite;

/// <summary>
/// Sets on every connection what durability rests on: write-ahead log, a full sync before a commit returns, and a wait
/// instead of an error while another connection writes. They are not connection string keywords.
/// </summary>
internal sealed class SqliteConnectionSetup : DbConnectionInterceptor
{
    // The log grows to 16 MB before it is copied into the file: pages that many transactions change are then copied once.
    private const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA foreign_keys=ON; " +
        "PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-16000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
