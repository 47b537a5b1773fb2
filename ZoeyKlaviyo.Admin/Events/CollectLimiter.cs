using System.Net;
using System.Threading.RateLimiting;

namespace ZoeyKlaviyo.Admin.Events;

/// <summary>How many requests an address may send in a minute: <c>Collect:PerMinutePerAddress</c>, 0 for any number.</summary>
internal sealed class CollectLimiter(IConfiguration configuration) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress>? _limiter = Create(configuration.GetValue("Collect:PerMinutePerAddress", 600));

    /// <returns>Null when the request may go on; else how long to wait.</returns>
    public TimeSpan? TryTake(IPAddress? address)
    {
        if (_limiter is null)
            return null;
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
    }

    public void Dispose() => _limiter?.Dispose();

    private static PartitionedRateLimiter<IPAddress>? Create(int perMinute) => perMinute <= 0
        ? null
        : PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(
            address,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), AutoReplenishment = true }));
}
