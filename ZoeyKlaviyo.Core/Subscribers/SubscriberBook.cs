using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Addresses;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <param name="Changed">Those that are new or changed.</param>
/// <param name="Unchanged">How many are as they were.</param>
internal sealed record SubscriberChanges(IReadOnlyList<Subscriber> Changed, int Unchanged);

/// <summary>Keeps what the store says of its subscribers, whichever way it says it.</summary>
internal static class SubscriberBook
{
    private const int MaxRawLength = 99;

    public static SeenSubscriber See(ZoeySubscriber subscriber)
    {
        var email = EmailAddress.Normalize(subscriber.Email);
        var status = subscriber.Status switch
        {
            ZoeySubscriberStatus.Subscribed => SubscriberStatus.Subscribed,
            ZoeySubscriberStatus.Unsubscribed => SubscriberStatus.Unsubscribed,
            _ => SubscriberStatus.NotConfirmed,
        };
        return new SeenSubscriber(email ?? Raw(subscriber.Email), email is not null, subscriber.Id, status, subscriber.ChangedUtc);
    }

    /// <summary>In the caller's transaction; two that write the same address at the same moment collide, and one has to look again.</summary>
    public static async Task<SubscriberChanges> TakeAsync(
        AppDbContext db, int storeId, StoreSituation situation, IReadOnlyList<SeenSubscriber> seen, SubscriberSight sight, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var reading = await ReadingAsync(db, storeId, situation.AccountId, cancellationToken);
        var view = new SubscriberView(reading, situation.ConnectedFromUtc, sight, now);
        var emails = seen.Select(one => one.Email).Distinct().ToList();
        var rows = await db.Subscribers.AsTracking()
            .Where(row => row.StoreId == storeId && row.AccountId == situation.AccountId && EF.Parameter(emails).Contains(row.Email))
            .ToDictionaryAsync(row => row.Email, cancellationToken);
        var changed = new Dictionary<string, Subscriber>();
        foreach (var one in seen)
        {
            if (!rows.TryGetValue(one.Email, out var row))
            {
                rows[one.Email] = row = SubscriberRules.New(storeId, situation.AccountId, one, view);
                db.Subscribers.Add(row);
                changed[one.Email] = row;
            }
            else if (SubscriberRules.Change(row, one, view))
            {
                changed[one.Email] = row;
            }
        }

        return new SubscriberChanges([.. changed.Values], emails.Count - changed.Count);
    }

    /// <summary>The row of what was read for the connected account; added when there is none.</summary>
    public static async Task<SubscriberReading> ReadingAsync(AppDbContext db, int storeId, string accountId, CancellationToken cancellationToken)
    {
        // Also finds the one that was just added, and is not in the database yet.
        if (await db.SubscriberReadings.FindAsync([storeId, accountId], cancellationToken) is not { } reading)
            db.SubscriberReadings.Add(reading = new SubscriberReading { StoreId = storeId, AccountId = accountId });
        return reading;
    }

    /// <summary>What the store has in an address's place, in a form that can be stored and looked up.</summary>
    private static string Raw(string text)
    {
        var clean = string.Concat(text.Trim().ToLowerInvariant().EnumerateRunes().Where(rune => rune.Value != 0 && rune.Value != 0xFFFD));
        if (clean.Length > MaxRawLength)
            clean = clean[..(char.IsHighSurrogate(clean[MaxRawLength - 1]) ? MaxRawLength - 1 : MaxRawLength)];
        return clean.Length == 0 ? "(no address)" : clean;
    }
}
