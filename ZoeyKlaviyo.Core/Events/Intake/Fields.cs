using System.Text.Json;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>Reads members of a JSON object, noting what has the wrong type; a missing member and null are the same.</summary>
internal static class Fields
{
    public static bool TryGet(JsonElement parent, string name, out JsonElement value) =>
        parent.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    public static string? Text(JsonElement parent, string name, FieldErrors errors, string prefix = "", int maxLength = 200)
    {
        if (!TryGet(parent, name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            errors.Add(prefix + name, "must be text");
            return null;
        }

        var text = TryGetString(value);
        if (text is null || text.Contains('\0'))
            errors.Add(prefix + name, "holds characters that are not text");
        else if (text.Length > maxLength)
            errors.Add(prefix + name, $"must be at most {maxLength} characters");
        else
            return text;
        return null;
    }

    public static bool Flag(JsonElement parent, string name, FieldErrors errors, string prefix = "")
    {
        if (!TryGet(parent, name, out var value))
            return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            errors.Add(prefix + name, "must be true or false");
        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>ISO 8601; without an offset it is taken as UTC.</summary>
    public static DateTimeOffset? Time(JsonElement parent, string name, FieldErrors errors)
    {
        if (!TryGet(parent, name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String && TryGetString(value) is not null && value.TryGetDateTimeOffset(out var time))
        {
            var hasNoOffset = value.GetDateTime().Kind == DateTimeKind.Unspecified;
            return hasNoOffset ? new DateTimeOffset(time.DateTime, TimeSpan.Zero) : time.ToUniversalTime();
        }

        errors.Add(name, "must be an ISO 8601 time such as 2026-11-23T17:00:00Z");
        return null;
    }

    /// <summary>Null for a lone surrogate, which JSON's escapes can spell but no text can hold.</summary>
    private static string? TryGetString(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
