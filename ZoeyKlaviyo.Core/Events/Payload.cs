using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Events;

/// <summary>New → Sending → Sent or Skipped; Sending → Retry → Sending → Sent or Failed. A person moves Failed → Retry and Retry or Failed → Discarded.</summary>
public enum PayloadState
{
    New,
    Sending,
    Sent,
    Retry,
    Failed,
    Discarded,

    /// <summary>A later change of the same address took its place.</summary>
    Superseded,

    /// <summary>There was nothing to send: Klaviyo has them subscribed already, or they opted out.</summary>
    Skipped,
}

/// <summary>One thing to tell Klaviyo, kept until long after it was told: the outbox.</summary>
public sealed class Payload
{
    public long Id { get; set; }

    public int StoreId { get; set; }

    /// <summary>The Klaviyo account it was recorded for; it is never sent to another.</summary>
    public required string AccountId { get; set; }

    /// <summary>Klaviyo's metric name.</summary>
    public required string Metric { get; set; }

    /// <summary>Trimmed, lower case, domain in punycode.</summary>
    public required string Email { get; set; }

    /// <summary>Klaviyo's <c>unique_id</c>: with metric and address it makes a repeat harmless.</summary>
    public required string UniqueId { get; set; }

    public PayloadState State { get; set; }

    /// <summary>True once its first cycle has failed: it now waits for a retry cycle.</summary>
    public bool IsRetry { get; set; }

    /// <summary>It was sent and no answer came, so Klaviyo may have it. Kept until it is Sent.</summary>
    public bool InDoubt { get; set; }

    /// <summary>Its cycle ended because Klaviyo could not be reached, not because of the payload itself.</summary>
    public bool Outage { get; set; }

    /// <summary>How many runs have sent it.</summary>
    public int Attempts { get; set; }

    public DateTimeOffset OccurredUtc { get; set; }

    public DateTimeOffset ReceivedUtc { get; set; }

    public DateTimeOffset? SentUtc { get; set; }

    public DateTimeOffset? NextTryUtc { get; set; }

    public int? HttpStatus { get; set; }

    /// <summary>Klaviyo's words, or ours when it gave none.</summary>
    public string? Error { get; set; }

    /// <summary>The run that has it in Sending.</summary>
    public long? RunId { get; set; }

    /// <summary><c>properties</c> of the event, a JSON object as received.</summary>
    public required string Properties { get; set; }

    public decimal? Value { get; set; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; set; }
}

/// <summary>The latest visit of a shopper: it makes Active on Site count once a visit, however many tabs and devices send it.</summary>
public sealed class Visit
{
    public int StoreId { get; set; }

    public required string Email { get; set; }

    public DateTimeOffset StartedUtc { get; set; }

    public DateTimeOffset LastSeenUtc { get; set; }

    /// <summary>Active on Site was already accepted for this visit.</summary>
    public bool IsCounted { get; set; }
}

internal sealed class PayloadConfiguration : IEntityTypeConfiguration<Payload>
{
    public void Configure(EntityTypeBuilder<Payload> builder)
    {
        // Runs and people change it: none overwrites what another has just made of it.
        builder.Property(payload => payload.State).IsConcurrencyToken();
        builder.Property(payload => payload.AccountId).HasMaxLength(40);
        builder.Property(payload => payload.Metric).HasMaxLength(127);
        builder.Property(payload => payload.Email).HasMaxLength(99);
        builder.Property(payload => payload.UniqueId).HasMaxLength(255);
        builder.Property(payload => payload.Currency).HasMaxLength(3);
        builder.HasIndex(payload => new { payload.StoreId, payload.AccountId, payload.Metric, payload.Email, payload.UniqueId }).IsUnique();
        builder.HasIndex(payload => new { payload.StoreId, payload.State, payload.Id });
    }
}

internal sealed class VisitConfiguration : IEntityTypeConfiguration<Visit>
{
    public void Configure(EntityTypeBuilder<Visit> builder)
    {
        builder.HasKey(visit => new { visit.StoreId, visit.Email });
        builder.Property(visit => visit.Email).HasMaxLength(99);
    }
}
