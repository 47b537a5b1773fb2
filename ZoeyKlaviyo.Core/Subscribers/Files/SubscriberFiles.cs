using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers.Csv;

namespace ZoeyKlaviyo.Core.Subscribers.Files;

/// <param name="File">Null when nobody has asked for one.</param>
/// <param name="Run">That makes or reads it; the last one, after an interruption.</param>
public sealed record FileView(SubscriberFile? File, Run? Run);

/// <summary>The files of a store's subscribers: uploads, and what runs make to be downloaded. Of each kind the last one is kept.</summary>
public sealed class SubscriberFiles(Database database, RunQueue queue, TimeProvider time)
{
    private const int PartBytes = 256 * 1024;
    private const int MaxNameLength = 200;

    /// <summary>How long a broken-off export is worth going on with.</summary>
    private static readonly TimeSpan s_goOn = TimeSpan.FromHours(12);

    /// <summary>Has a file made by a background run.</summary>
    /// <param name="kind"><see cref="SyncKind.OptOutReport"/> or <see cref="SyncKind.KlaviyoExport"/>.</param>
    /// <returns>The run; null while the store is not connected.</returns>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public async Task<QueuedRun?> RequestAsync(AuthorizedStore store, SyncKind kind, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var now = time.GetUtcNow();
        var name = $"{(kind == SyncKind.OptOutReport ? "klaviyo-opt-outs" : "klaviyo-subscribers")}-{store.Key}-{now:yyyy-MM-dd}.csv";
        var isAdded = await database.WriteAsync(
            async db =>
            {
                if (await AccountAsync(db, store.Id, cancellationToken) is not { } accountId)
                    return false;
                if (await db.Runs.AnyAsync(run => run.StoreId == store.Id && run.Kind == kind && (run.Status == RunStatus.Queued || run.Status == RunStatus.Running), cancellationToken)
                    && await Of(db, store.Id, kind).AnyAsync(file => file.FinishedUtc == null, cancellationToken))
                    return true;
                // An export that broke off goes on where it was; who opted out is always read anew.
                var since = now - s_goOn;
                if (kind == SyncKind.KlaviyoExport
                    && await Of(db, store.Id, kind).AnyAsync(file => file.AccountId == accountId && file.FinishedUtc == null && file.CreatedUtc > since, cancellationToken))
                    return true;
                await Of(db, store.Id, kind).ExecuteDeleteAsync(cancellationToken);
                db.SubscriberFiles.Add(New(store, accountId, kind, name));
                return true;
            },
            cancellationToken);
        return isAdded ? await queue.QueueAsync(store.Id, kind, RunTrigger.Manual, store.Person.Name, cancellationToken) : null;
    }

    /// <summary>Keeps an uploaded file and has it read by a background run.</summary>
    /// <param name="columns">As the person has confirmed them.</param>
    /// <param name="kept">Told the bytes kept so far.</param>
    /// <returns>The run; null while the store is not connected.</returns>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    /// <exception cref="InvalidDataException">It is larger than <see cref="SubscriberCsv.MaxBytes"/>, or an upload is being read.</exception>
    public async Task<QueuedRun?> UploadAsync(
        AuthorizedStore store, string name, Stream content, SubscriberColumns columns, Action<long>? kept, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var fileId = await BeginUploadAsync(store, name, cancellationToken);
        if (fileId is not { } id)
            return null;
        try
        {
            var bytes = await KeepAsync(id, content, kept, cancellationToken);
            await database.WriteAsync(
                db => db.SubscriberFiles.Where(file => file.Id == id).ExecuteUpdateAsync(
                    update => update.SetProperty(file => file.Bytes, bytes).SetProperty(file => file.Position, JsonSerializer.Serialize(columns)), cancellationToken),
                cancellationToken);
        }
        catch
        {
            await database.WriteAsync(db => db.SubscriberFiles.Where(file => file.Id == id).ExecuteDeleteAsync(CancellationToken.None), CancellationToken.None);
            throw;
        }

        return await queue.QueueAsync(store.Id, SyncKind.SubscriberImport, RunTrigger.Manual, store.Person.Name, cancellationToken);
    }

    public Task<FileView> LastAsync(AuthorizedStore store, SyncKind kind, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var accountId = await AccountAsync(db, store.Id, cancellationToken);
            var file = await Of(db, store.Id, kind).Where(row => row.AccountId == accountId).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
            var run = await db.Runs.Where(row => row.StoreId == store.Id && row.Kind == kind).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
            return new FileView(file, run);
        },
        cancellationToken);

    /// <summary>A finished file to be downloaded; null when the store has none with this id.</summary>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public Task<SubscriberFile?> FindAsync(AuthorizedStore store, long fileId, CancellationToken cancellationToken)
    {
        store.RequireManage();
        return database.ReadAsync(
            db => db.SubscriberFiles.SingleOrDefaultAsync(
                file => file.Id == fileId && file.StoreId == store.Id && file.FinishedUtc != null && file.Kind != SyncKind.SubscriberImport, cancellationToken),
            cancellationToken);
    }

    /// <param name="file">As <see cref="FindAsync"/> gave it.</param>
    public Stream Open(SubscriberFile file) => new FilePartStream(database, file.Id);

    internal static IQueryable<SubscriberFile> Of(AppDbContext db, int storeId, SyncKind kind) => db.SubscriberFiles.Where(file => file.StoreId == storeId && file.Kind == kind);

    private async Task<long?> BeginUploadAsync(AuthorizedStore store, string name, CancellationToken cancellationToken) => await database.WriteAsync(
        async db =>
        {
            if (await AccountAsync(db, store.Id, cancellationToken) is not { } accountId)
                return (long?)null;
            if (await db.Runs.AnyAsync(run => run.StoreId == store.Id && run.Kind == SyncKind.SubscriberImport && (run.Status == RunStatus.Queued || run.Status == RunStatus.Running), cancellationToken))
                throw new InvalidDataException("Another file is being read. Wait until it is done, then upload this one again.");
            await Of(db, store.Id, SyncKind.SubscriberImport).ExecuteDeleteAsync(cancellationToken);
            var file = New(store, accountId, SyncKind.SubscriberImport, name);
            db.SubscriberFiles.Add(file);
            await db.SaveChangesAsync(cancellationToken);
            return file.Id;
        },
        cancellationToken);

    private async Task<long> KeepAsync(long fileId, Stream content, Action<long>? kept, CancellationToken cancellationToken)
    {
        var total = 0L;
        var buffer = new byte[PartBytes];
        for (var number = 0; ; number++)
        {
            var read = await content.ReadAtLeastAsync(buffer, PartBytes, throwOnEndOfStream: false, cancellationToken);
            if (read == 0)
                return total;
            total += read;
            if (total > SubscriberCsv.MaxBytes)
                throw new InvalidDataException($"The file is larger than {SubscriberCsv.MaxBytes / 1024 / 1024} MB. Split it.");
            var part = new SubscriberFilePart { FileId = fileId, Number = number, Content = buffer[..read] };
            await database.WriteAsync(
                db =>
                {
                    db.SubscriberFileParts.Add(part);
                    return Task.CompletedTask;
                },
                cancellationToken);
            kept?.Invoke(total);
        }
    }

    private SubscriberFile New(AuthorizedStore store, string accountId, SyncKind kind, string name) => new()
    {
        StoreId = store.Id,
        AccountId = accountId,
        Kind = kind,
        Name = name.Length <= MaxNameLength ? name : name[..MaxNameLength],
        CreatedBy = store.Person.Name,
        CreatedUtc = time.GetUtcNow(),
    };

    private static Task<string?> AccountAsync(AppDbContext db, int storeId, CancellationToken cancellationToken) =>
        db.KlaviyoConnections.Where(connection => connection.StoreId == storeId).Select(connection => (string?)connection.AccountId).SingleOrDefaultAsync(cancellationToken);
}
