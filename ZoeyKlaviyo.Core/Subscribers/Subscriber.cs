using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>What the store says about an address. Only <see cref="Subscribed"/> is a permission to mail.</summary>
public enum SubscriberStatus
{
    Subscribed,

    /// <summary>The store's own confirmation is still open, or was never given.</summary>
    NotConfirmed,
    Unsubscribed,
}

/// <summary>What became of an address's last change.</summary>
public enum SubscriberOutcome
{
    /// <summary>Klaviyo has not been told yet: the next Subscribers run decides.</summary>
    Open,

    /// <summary>A payload carries it.</summary>
    Queued,

    /// <summary>There is nothing to tell.</summary>
    Nothing,
    Subscribed,
    Unsubscribed,
    AlreadySubscribed,

    /// <summary>They opted out in Klaviyo, or Klaviyo sends them nothing: not asked again until they change.</summary>
    OptedOut,

    /// <summary>Subscribed before the connection, while Enable Historical Subscribers Sync was No.</summary>
    HistoricalOff,

    /// <summary>No address that mail could be sent to.</summary>
    Invalid,
    Refused,
}

/// <summary>A newsletter subscriber as the store last showed them, and what Klaviyo was last told. Kept per Klaviyo account.</summary>
public sealed class Subscriber
{
    public int StoreId { get; set; }

    public required string AccountId { get; set; }

    /// <summary>Trimmed, lower case, domain in punycode; of an invalid one what the store has, cut to its first 99 characters.</summary>
    public required string Email { get; set; }

    /// <summary>The store's <c>subscriber_id</c>; null from sources without one.</summary>
    public long? StoreSubscriberId { get; set; }

    public SubscriberStatus Status { get; set; }

    /// <summary>The store's <c>change_status_at</c>. Null where it has none, or one in the future.</summary>
    public DateTimeOffset? ChangedUtc { get; set; }

    /// <summary>
    /// When the store provably had this status: since the first sight; of somebody without a date who is not subscribed, at the last. 1970 when only a
    /// file says it.
    /// </summary>
    public DateTimeOffset SeenUtc { get; set; }

    /// <summary>
    /// The consent is provably not older than this: what may be compared with an opt-out in Klaviyo. Null when nothing proves it.
    /// </summary>
    public DateTimeOffset? ConsentFromUtc { get; set; }

    /// <summary>Subscribed before the store was connected to the account.</summary>
    public bool IsHistorical { get; set; }

    public SubscriberOutcome Outcome { get; set; }

    public DateTimeOffset OutcomeUtc { get; set; }

    /// <summary>When Klaviyo was last asked to subscribe them: an unsubscribe soon afterwards may overtake it there.</summary>
    public DateTimeOffset? SubscribeSentUtc { get; set; }

    /// <summary>When Klaviyo was last told that they unsubscribed.</summary>
    public DateTimeOffset? UnsubscribeSentUtc { get; set; }
}

internal sealed class SubscriberConfiguration : IEntityTypeConfiguration<Subscriber>
{
    public void Configure(EntityTypeBuilder<Subscriber> builder)
    {
        builder.HasKey(row => new { row.StoreId, row.AccountId, row.Email });
        builder.Property(row => row.AccountId).HasMaxLength(40);
        builder.Property(row => row.Email).HasMaxLength(99);
        // Runs, pushes and files change it: none overwrites what another has just made of it.
        builder.Property(row => row.Outcome).IsConcurrencyToken();
        builder.Property(row => row.Status).IsConcurrencyToken();
        builder.HasIndex(row => new { row.StoreId, row.AccountId, row.Outcome, row.Status, row.Email });
    }
}
