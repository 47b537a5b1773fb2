using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Limits;

/// <summary>
/// Klaviyo's limits, which hold for each account and operation by itself
/// (developers.klaviyo.com, "Rate limits, status codes, and errors"). A throttled call uses nothing up.
/// </summary>
internal sealed class RateLimits(SandboxOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Account, string Operation), FixedWindow[]> _windows = [];

    /// <returns>What the answer has to say about the limits; null while they are switched off.</returns>
    public RateLimitState? Count(string account, ContractOperation operation)
    {
        if (!options.LimitsEnabled)
            return null;
        var now = options.TimeProvider.GetUtcNow();
        lock (_lock)
        {
            if (!_windows.TryGetValue((account, operation.OperationId), out var windows))
                _windows[(account, operation.OperationId)] = windows = [.. operation.Limits.Select(limit => new FixedWindow(limit))];
            foreach (var window in windows)
                window.MoveTo(now);
            var full = windows.Where(window => window.Remaining == 0).ToList();
            if (full.Count > 0)
                return RateLimitState.Throttled(full.Max(window => window.SecondsLeft(now)));
            foreach (var window in windows)
                window.Use();
            return RateLimitState.Passed(operation, windows[1].Remaining, windows[1].SecondsLeft(now));
        }
    }
}
