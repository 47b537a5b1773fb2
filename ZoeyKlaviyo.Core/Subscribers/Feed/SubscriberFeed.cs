using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;
using ZoeyKlaviyo.Core.Subscribers.Delivery;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Subscribers.Feed;

/// <summary>Takes subscribers that a store pushes when they change: they go out with the next Events run.</summary>
public sealed class SubscriberFeed(Database database, IZoeyClient zoey, StoreSignals signals, TimeProvider time)
{
    /// <summary>So that the writes of others need not wait for thousands.</summary>
    private const int AtOnce = 500;

    /// <summary>Longer than a signature is valid, whichever way the clocks differ.</summary>
    private static readonly TimeSpan s_remember = TimeSpan.FromMinutes(15);

    private const string NotConnected = "not_connected";
    private const string Duplicate = "duplicate";

    /// <param name="signedTime">The time that was signed together with the body: the same again is a repeat, and changes nothing.</param>
    /// <returns>Once all is on disk.</returns>
    /// <exception cref="System.Text.Json.JsonException">The body is not JSON.</exception>
    /// <exception cref="System.Data.Common.DbException">The database failed; pushing all again, newly signed, does no harm.</exception>
    public async Task<CollectAnswer> TakeAsync(int storeId, string signedTime, ReadOnlyMemory<byte> body)
    {
        var parsed = zoey.ParseSubscribers(body);
        var rejected = new List<(int, FieldErrors)>();
        var ignored = new List<(int, string)>();
        var seen = new List<(int Index, SeenSubscriber Subscriber)>();
        for (var index = 0; index < parsed.Count; index++)
        {
            if (parsed[index] is { } subscriber && SubscriberBook.See(subscriber) is { IsValid: true } valid)
                seen.Add((index, valid));
            else
                rejected.Add((index, Problem(parsed[index])));
        }

        var hash = Hash(signedTime, body.Span);
        if (await database.ReadAsync(db => db.SeenPushes.AnyAsync(row => row.StoreId == storeId && row.Hash == hash), CancellationToken.None))
            return new CollectAnswer(0, [.. seen.Select(one => (one.Index, Duplicate))], rejected);
        foreach (var chunk in seen.Chunk(AtOnce))
        {
            if (!await database.WriteContestedAsync(db => TakeAsync(db, storeId, signedTime, [.. chunk.Select(one => one.Subscriber)]), CancellationToken.None))
                ignored.AddRange(chunk.Select(one => (one.Index, NotConnected)));
        }

        await database.WriteContestedAsync(db => RememberAsync(db, storeId, hash), CancellationToken.None);
        signals.RunsChanged(storeId);
        return new CollectAnswer(parsed.Count - ignored.Count - rejected.Count, ignored, rejected);
    }

    /// <returns>False while the store is not connected.</returns>
    private async Task<bool> TakeAsync(AppDbContext db, int storeId, string signedTime, List<SeenSubscriber> seen)
    {
        var situation = await SubscriptionSituation.ReadAsync(db, storeId, CancellationToken.None);
        if (situation.Store is null)
            return false;
        var now = time.GetUtcNow();
        (await SubscriberBook.ReadingAsync(db, storeId, situation.AccountId, CancellationToken.None)).LastPushUtc = now;
        var sight = new SubscriberSight(SubscriberOrigin.Push, SignedUtc(signedTime, now));
        // One push may tell of several changes of a person, in their order.
        foreach (var round in InTurn(seen))
        {
            var changes = await SubscriberBook.TakeAsync(db, storeId, situation.Store, round, sight, now, CancellationToken.None);
            var urgent = changes.Changed.Where(SubscriberIntake.IsUrgent).ToList();
            // While nothing is sent it is kept: the next Subscribers run after that tells Klaviyo.
            if (situation.Held is null && urgent.Count > 0)
                await SubscriptionQueue.AddAsync(db, storeId, urgent, now, null, CancellationToken.None);
            await db.SaveChangesAsync();
        }

        return true;
    }

    /// <summary>Pushes may overtake one another on their way.</summary>
    private static DateTimeOffset SignedUtc(string signedTime, DateTimeOffset now) =>
        long.TryParse(signedTime, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs((decimal)seconds - now.ToUnixTimeSeconds()) <= (decimal)s_remember.TotalSeconds && seconds < now.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : now;

    private static IEnumerable<List<SeenSubscriber>> InTurn(List<SeenSubscriber> seen)
    {
        var turns = new Dictionary<string, int>(StringComparer.Ordinal);
        return seen.GroupBy(one => turns[one.Email] = turns.GetValueOrDefault(one.Email) + 1).OrderBy(group => group.Key).Select(group => group.ToList());
    }

    private async Task<bool> RememberAsync(AppDbContext db, int storeId, string hash)
    {
        var now = time.GetUtcNow();
        var before = now - s_remember;
        await db.SeenPushes.Where(row => row.StoreId == storeId && row.AtUtc < before).ExecuteDeleteAsync();
        if (!await db.SeenPushes.AnyAsync(row => row.StoreId == storeId && row.Hash == hash))
            db.SeenPushes.Add(new SeenPush { StoreId = storeId, Hash = hash, AtUtc = now });
        return true;
    }

    private static string Hash(string signedTime, ReadOnlySpan<byte> body)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(System.Text.Encoding.ASCII.GetBytes(signedTime + "."));
        sha.AppendData(body);
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    private static FieldErrors Problem(ZoeySubscriber? subscriber)
    {
        var errors = new FieldErrors();
        if (subscriber is null)
            errors.Add("subscriber", "is no subscriber as the store has it: subscriber_email and subscriber_status (1 to 4) are needed");
        else
            errors.Add("subscriber_email", "is not an e-mail address of at most 99 characters");
        return errors;
    }
}
