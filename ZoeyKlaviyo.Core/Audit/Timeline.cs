using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Audit;

/// <summary>A run or a settings change.</summary>
public sealed record TimelineEntry(DateTimeOffset AtUtc, Run? Run, SettingChange? Change);

/// <param name="Older">Asks for the page after this one; null on the last.</param>
public sealed record TimelinePage(IReadOnlyList<TimelineEntry> Entries, string? Older);

/// <summary>
/// The Audit Log: runs and settings changes in one line of time, newest first. Pages follow a cursor instead of a number, so
/// that the last page of a million runs costs what the first one does and new runs shift nothing.
/// </summary>
public sealed class Timeline(Database database)
{
    /// <param name="older">A cursor of an earlier page; one that can't be read is taken as none.</param>
    public Task<TimelinePage> PageAsync(AuthorizedStore store, AuditFilter filter, string? older, int size, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async db =>
            {
                var cursor = Cursor.TryParse(older);
                var runs = await Runs(db, store.Id, filter, cursor).Take(size + 1).ToListAsync(cancellationToken);
                var changes = filter.ShowsChanges
                    ? await Changes(db, store.Id, filter, cursor).Take(size + 1).ToListAsync(cancellationToken)
                    : [];
                var entries = runs.Select(run => new TimelineEntry(run.QueuedUtc, run, null))
                    .Concat(changes.Select(change => new TimelineEntry(change.AtUtc, null, change)))
                    // Stable: at the same moment runs stand above changes, each with the newest first.
                    .OrderByDescending(entry => entry.AtUtc)
                    .ToList();
                return entries.Count <= size
                    ? new TimelinePage(entries, null)
                    : new TimelinePage(entries[..size], Cursor.Of(entries[size - 1]).ToString());
            },
            cancellationToken);

    /// <summary>Every run that the filter shows, newest first, as a stream.</summary>
    public IAsyncEnumerable<Run> StreamRunsAsync(AuthorizedStore store, AuditFilter filter, CancellationToken cancellationToken) =>
        database.StreamAsync(db => Runs(db, store.Id, filter, null), cancellationToken);

    private static IQueryable<Run> Runs(AppDbContext db, int storeId, AuditFilter filter, Cursor? cursor)
    {
        var runs = filter.Apply(db.Runs.Where(run => run.StoreId == storeId));
        if (cursor is { IsRun: true, AtUtc: var at, Id: var id })
            runs = runs.Where(run => run.QueuedUtc < at || (run.QueuedUtc == at && run.Id < id));
        else if (cursor is { AtUtc: var before })
            runs = runs.Where(run => run.QueuedUtc < before);
        return runs.OrderByDescending(run => run.QueuedUtc).ThenByDescending(run => run.Id);
    }

    private static IQueryable<SettingChange> Changes(AppDbContext db, int storeId, AuditFilter filter, Cursor? cursor)
    {
        var changes = db.SettingChanges.Where(change => change.StoreId == storeId);
        if (filter.FromUtc is { } from)
            changes = changes.Where(change => change.AtUtc >= from);
        if (filter.ToUtc is { } to)
            changes = changes.Where(change => change.AtUtc < to);
        if (cursor is { IsRun: true, AtUtc: var sameOrBefore })
            changes = changes.Where(change => change.AtUtc <= sameOrBefore);
        else if (cursor is { AtUtc: var at, Id: var id })
            changes = changes.Where(change => change.AtUtc < at || (change.AtUtc == at && change.Id < id));
        return changes.OrderByDescending(change => change.AtUtc).ThenByDescending(change => change.Id);
    }

    private sealed record Cursor(DateTimeOffset AtUtc, bool IsRun, long Id)
    {
        public static Cursor Of(TimelineEntry entry) => new(entry.AtUtc, entry.Run is not null, entry.Run?.Id ?? entry.Change!.Id);

        public static Cursor? TryParse(string? text)
        {
            if (text?.Split('-') is not [var at, "r" or "c", var id]
                || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                || !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return null;
            return new Cursor(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), text.Contains('r'), number);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{AtUtc.ToUnixTimeMilliseconds()}-{(IsRun ? 'r' : 'c')}-{Id}");
    }
}
