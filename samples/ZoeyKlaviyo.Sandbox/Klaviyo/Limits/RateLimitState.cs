using System.Globalization;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Limits;

/// <param name="RetryAfter">Seconds; null when the call may go on.</param>
internal sealed record RateLimitState(int? RetryAfter, IReadOnlyList<(string Name, string Value)> Headers)
{
    public static RateLimitState Throttled(int seconds) => new(seconds, [("Retry-After", Text(seconds))]);

    /// <param name="remaining">Of the steady window, like <paramref name="reset"/>.</param>
    public static RateLimitState Passed(ContractOperation operation, int remaining, int reset)
    {
        var (burst, steady) = (operation.Limits[0].Calls, operation.Limits[1].Calls);
        return new(null,
        [
            ("RateLimit-Limit", string.Create(CultureInfo.InvariantCulture, $"{burst}, {burst};w=1, {steady};w=60")),
            ("RateLimit-Remaining", Text(remaining)),
            ("RateLimit-Reset", Text(reset)),
        ]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
