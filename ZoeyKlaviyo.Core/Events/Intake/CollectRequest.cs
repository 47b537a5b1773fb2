using System.Text.Json;
using System.Text.Unicode;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>The request as a whole can't be used.</summary>
/// <param name="status">400 not JSON of the right shape, 413 too many events.</param>
public sealed class CollectException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>Who the shopper is, as the storefront says; one for all events of a request.</summary>
/// <param name="Email">Normalized; null for an unknown shopper.</param>
public sealed record Visitor(string? Email, bool ActingAdmin, bool TrackingBlocked);

/// <summary>An event of a request that is well-formed; whether it counts is another question.</summary>
/// <param name="CheckoutId">The cart; only where the page told it.</param>
public sealed record CollectedEvent(
    string Metric, string UniqueId, DateTimeOffset OccurredUtc, string Properties, decimal? Value, string? Currency, bool InCart, string? CheckoutId = null);

/// <summary>The body of <c>POST /collect/{publicKey}/events</c>: at most 64 KB and 50 events, read leniently but never guessed at.</summary>
public sealed class CollectRequest
{
    public const int MaxBytes = 64 * 1024;
    public const int MaxEvents = 50;

    private CollectRequest(Visitor visitor, IReadOnlyList<(CollectedEvent? Event, FieldErrors? Errors)> events)
    {
        Visitor = visitor;
        Events = events;
    }

    public Visitor Visitor { get; }

    /// <summary>In the order of the request; each has either its event or why it is rejected.</summary>
    public IReadOnlyList<(CollectedEvent? Event, FieldErrors? Errors)> Events { get; }

    /// <exception cref="CollectException">The request as a whole can't be used.</exception>
    public static CollectRequest Parse(ReadOnlyMemory<byte> body, DateTimeOffset receivedUtc)
    {
        if (!Utf8.IsValid(body.Span))
            throw new CollectException(400, "The body is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement, receivedUtc);
        }
        catch (JsonException exception)
        {
            throw new CollectException(400, $"The body is not JSON: {exception.Message}");
        }
    }

    private static CollectRequest Read(JsonElement root, DateTimeOffset receivedUtc)
    {
        if (root.ValueKind == JsonValueKind.Object && !JsonText.HasTextNames(root))
            throw new CollectException(400, "The body has a name with characters that are not text.");
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Array)
            throw new CollectException(400, "The body must be an object with an array \"events\".");
        if (events.GetArrayLength() > MaxEvents)
            throw new CollectException(413, $"A request takes at most {MaxEvents} events.");
        var shared = new FieldErrors();
        var sentAt = Fields.Time(root, "sentAt", shared);
        var visitor = ReadVisitor(root, shared);
        var read = new List<(CollectedEvent?, FieldErrors?)>(events.GetArrayLength());
        foreach (var item in events.EnumerateArray())
        {
            var errors = new FieldErrors(shared);
            var collected = EventReader.Read(item, sentAt, receivedUtc, errors);
            read.Add(errors.IsEmpty ? (collected, null) : (null, errors));
        }

        return new CollectRequest(visitor, read);
    }

    private static Visitor ReadVisitor(JsonElement root, FieldErrors errors)
    {
        if (!Fields.TryGet(root, "visitor", out var visitor))
            return new Visitor(null, false, false);
        if (visitor.ValueKind != JsonValueKind.Object)
        {
            errors.Add("visitor", "must be an object");
            return new Visitor(null, false, false);
        }

        if (!JsonText.HasTextNames(visitor))
        {
            errors.Add("visitor", "has a name with characters that are not text");
            return new Visitor(null, false, false);
        }

        Fields.Text(visitor, "sessionId", errors, "visitor.", maxLength: 200);
        var email = Fields.Text(visitor, "email", errors, "visitor.", maxLength: 1000);
        string? normalized = null;
        if (!string.IsNullOrWhiteSpace(email) && (normalized = Addresses.EmailAddress.Normalize(email)) is null)
            errors.Add("visitor.email", $"must be an e-mail address of at most {Addresses.EmailAddress.MaxLength} characters");
        return new Visitor(normalized, Fields.Flag(visitor, "actingAdmin", errors, "visitor."), Fields.Flag(visitor, "trackingBlocked", errors, "visitor."));
    }
}
