using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ZoeyKlaviyo.Core.Storage;

/// <summary>
/// The one way to the database: a context per operation, a transaction per write.
/// SQLite takes one writer at a time, so writes queue here in the process instead of colliding in the file.
/// </summary>
public sealed class Database(IDbContextFactory<AppDbContext> contexts, IOptions<DatabaseOptions> options) : IDisposable
{
    private const int MaxTries = 5;
    private readonly SemaphoreSlim? _writer = options.Value.Provider == DatabaseProvider.Sqlite ? new SemaphoreSlim(1, 1) : null;

    public DatabaseProvider Provider => options.Value.Provider;

    public async Task<T> ReadAsync<T>(Func<AppDbContext, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await read(db);
    }

    /// <summary>
    /// Runs <paramref name="write"/> in one transaction and commits it. <c>SaveChanges</c> is called once more at the end, so a
    /// write that only changes tracked entities needs no call of its own.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<AppDbContext, Task<T>> write, CancellationToken cancellationToken)
    {
        if (_writer is not null)
            await _writer.WaitAsync(cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var result = await write(db);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            _writer?.Release();
        }
    }

    /// <summary>
    /// Writes what another process, person or token refresh may write in the same moment: whoever comes second looks again and decides anew, so
    /// <paramref name="write"/> must read all that it decides by.
    /// </summary>
    public async Task<T> WriteContestedAsync<T>(Func<AppDbContext, Task<T>> write, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await WriteAsync(write, cancellationToken);
            }
            catch (DbUpdateException exception) when (tries < MaxTries && (exception is DbUpdateConcurrencyException || exception.IsDuplicate()))
            {
                continue;
            }
        }
    }

    public Task WriteAsync(Func<AppDbContext, Task> write, CancellationToken cancellationToken) =>
        WriteAsync(
            async db =>
            {
                await write(db);
                return true;
            },
            cancellationToken);

    /// <summary>
    /// Streams rows that <paramref name="query"/> yields, for exports: the context lives as long as the enumeration.
    /// </summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        Func<AppDbContext, IQueryable<T>> query,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        await foreach (var row in query(db).AsAsyncEnumerable().WithCancellation(cancellationToken))
            yield return row;
    }

    public void Dispose() => _writer?.Dispose();
}
