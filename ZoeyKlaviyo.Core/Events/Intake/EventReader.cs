using System.Text.Json;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>Reads and checks one event of a request.</summary>
internal static class EventReader
{
    private static readonly TimeSpan s_maxAge = TimeSpan.FromHours(48);
    private static readonly TimeSpan s_maxAhead = TimeSpan.FromMinutes(5);
    private const decimal MaxValue = 1_000_000_000_000m;

    private static readonly Dictionary<string, string> s_metrics = new()
    {
        ["active_on_site"] = Metrics.ActiveOnSite,
        ["viewed_product"] = Metrics.ViewedProduct,
        ["added_to_cart"] = Metrics.AddedToCart,
        ["started_checkout"] = Metrics.StartedCheckout,
    };

    /// <returns>Meaningful only when <paramref name="errors"/> stays empty.</returns>
    public static CollectedEvent? Read(JsonElement item, DateTimeOffset? sentAt, DateTimeOffset receivedUtc, FieldErrors errors)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            errors.Add("event", "must be an object");
            return null;
        }

        if (!JsonText.HasTextNames(item))
        {
            errors.Add("event", "has a name with characters that are not text");
            return null;
        }

        var metric = Metric(item, errors);
        var id = Required(item, "id", errors);
        var checkoutId = metric == Metrics.StartedCheckout ? Required(item, "checkoutId", errors) : Fields.Text(item, "checkoutId", errors);
        var occurred = Occurred(item, sentAt, receivedUtc, errors);
        var value = Value(item, errors);
        var currency = Currency(item, errors);
        var inCart = Fields.Flag(item, "inCart", errors);
        var properties = Properties(item, errors);
        return metric is null || id is null || properties is null
            ? null
            // A checkout counts once an address, however often its page reloads: the checkout is what makes it unique.
            : new CollectedEvent(metric, metric == Metrics.StartedCheckout ? checkoutId! : id, occurred, properties, value, currency, inCart, checkoutId);
    }

    private static string? Metric(JsonElement item, FieldErrors errors)
    {
        if (Fields.Text(item, "type", errors) is not { } type)
        {
            if (!Fields.TryGet(item, "type", out _))
                errors.Add("type", "is required");
            return null;
        }

        if (s_metrics.TryGetValue(type, out var metric))
            return metric;
        errors.Add("type", type is "placed_order" or "ordered_product"
            ? "orders are taken from the store itself, never from a browser"
            : $"must be one of {string.Join(", ", s_metrics.Keys)}");
        return null;
    }

    private static string? Required(JsonElement item, string name, FieldErrors errors)
    {
        if (!Fields.TryGet(item, name, out _))
        {
            errors.Add(name, "is required");
            return null;
        }

        var text = Fields.Text(item, name, errors);
        if (text is not null && string.IsNullOrWhiteSpace(text))
            errors.Add(name, "must be 1 to 200 characters");
        return text;
    }

    /// <summary>
    /// The browser's clock may be wrong, but it measures well how long ago something was: that is taken off the time of
    /// receipt. Without <c>sentAt</c> the browser's clock has to do.
    /// </summary>
    private static DateTimeOffset Occurred(JsonElement item, DateTimeOffset? sentAt, DateTimeOffset receivedUtc, FieldErrors errors)
    {
        if (Fields.Time(item, "occurredAt", errors) is not { } occurredAt)
            return receivedUtc;
        if (sentAt is null && occurredAt - receivedUtc > s_maxAhead)
            errors.Add("occurredAt", "is more than five minutes ahead; send sentAt with it, so that the clock's error can be taken out");
        var age = (sentAt ?? receivedUtc) - occurredAt;
        return receivedUtc - (age < TimeSpan.Zero ? TimeSpan.Zero : age > s_maxAge ? s_maxAge : age);
    }

    private static decimal? Value(JsonElement item, FieldErrors errors)
    {
        if (!Fields.TryGet(item, "value", out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number is >= 0 and <= MaxValue)
            return number;
        errors.Add("value", "must be a number from 0 to 1,000,000,000,000");
        return null;
    }

    private static string? Currency(JsonElement item, FieldErrors errors)
    {
        if (Fields.Text(item, "currency", errors) is not { } text)
            return null;
        var code = text.ToUpperInvariant();
        if (Iso4217.Contains(code))
            return code;
        errors.Add("currency", "must be an ISO 4217 code such as USD");
        return null;
    }

    private static string? Properties(JsonElement item, FieldErrors errors)
    {
        if (!Fields.TryGet(item, "properties", out var properties))
            return "{}";
        if (PropertyLimits.Problem(properties) is not { } problem)
            return properties.GetRawText();
        errors.Add("properties", problem);
        return null;
    }
}
