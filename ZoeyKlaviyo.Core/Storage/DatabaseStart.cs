using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Storage.Sqlite;

namespace ZoeyKlaviyo.Core.Storage;

/// <summary>Takes ownership of the database and brings its schema up to date, before anything else starts.</summary>
public sealed partial class DatabaseStart(
    IDbContextFactory<AppDbContext> contexts, IOptions<DatabaseOptions> options, ILogger<DatabaseStart> logger) : IDisposable
{
    private SqliteFileOwner? _owner;

    /// <summary>True once the schema is current; readiness depends on it.</summary>
    public bool IsReady { get; private set; }

    /// <exception cref="DatabaseInUseException">Another process owns the SQLite file.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Provider == DatabaseProvider.Sqlite)
            _owner ??= SqliteFileOwner.Claim(options.Value.ConnectionString);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (options.Value.Provider == DatabaseProvider.Sqlite)
            await ForgetStaleMigrationLockAsync(db, cancellationToken);
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            Log.Migrating(logger, pending.Count, options.Value.Provider);
            await db.Database.MigrateAsync(cancellationToken);
        }

        IsReady = true;
    }

    public void Dispose() => _owner?.Dispose();

    /// <summary>
    /// EF Core marks a running migration by a row that a killed process leaves behind, and every later start would wait for it
    /// for ever. This process owns the file, so no other can be migrating it.
    /// </summary>
    private async Task ForgetStaleMigrationLockAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var exists = await db.Database
            .SqlQuery<int>($"SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'")
            .SingleAsync(cancellationToken);
        if (exists > 0 && await db.Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", cancellationToken) > 0)
            Log.StaleMigrationLock(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Information, "Applying {Count} migrations to the {Provider} database")]
        public static partial void Migrating(ILogger logger, int count, DatabaseProvider provider);

        [LoggerMessage(101, LogLevel.Warning, "A migration was interrupted in an earlier start; its leftover lock is removed and the migration starts again")]
        public static partial void StaleMigrationLock(ILogger logger);
    }
}
