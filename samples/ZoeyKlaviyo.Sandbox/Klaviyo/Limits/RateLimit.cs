using System.Globalization;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Limits;

/// <summary>So many calls in each window of this length.</summary>
public sealed record RateLimit(int Calls, TimeSpan Window)
{
    /// <param name="text">As the contract has it: <c>75/s</c>, <c>750/m</c>, <c>150/d</c>.</param>
    internal static RateLimit Parse(string text)
    {
        var window = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'd' => TimeSpan.FromDays(1),
            _ => throw new FormatException($"'{text}' is not a rate limit."),
        };
        return new(int.Parse(text[..^2], CultureInfo.InvariantCulture), window);
    }
}
