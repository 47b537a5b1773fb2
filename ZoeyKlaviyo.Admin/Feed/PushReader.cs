using ZoeyKlaviyo.Core.Orders;

namespace ZoeyKlaviyo.Admin.Feed;

internal enum PushReading
{
    Complete,

    /// <summary>Longer than a push may be.</summary>
    TooLong,

    TooSlow,

    /// <summary>As many are being read already as may be at a time.</summary>
    Busy,
}

/// <summary>
/// Reads bodies before their signature can be checked, so from anybody: few at a time, each for a limited time, and with memory
/// for what has arrived only, whatever length is announced.
/// </summary>
internal sealed class PushReader(TimeProvider time) : IDisposable
{
    public const int AtOnce = 4;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int PartSize = 64 * 1024;
    private readonly SemaphoreSlim _places = new(AtOnce);

    /// <returns>The body only when it is complete.</returns>
    public async Task<(PushReading Reading, ReadOnlyMemory<byte> Body)> ReadAsync(HttpContext context)
    {
        // Not awaited: who has to wait would wait for strangers.
        if (!_places.Wait(0, CancellationToken.None))
            return (PushReading.Busy, default);
        using var deadline = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            return await ReadAsync(context.Request.Body, stop.Token) is { } body ? (PushReading.Complete, body) : (PushReading.TooLong, default);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return (PushReading.TooSlow, default);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var part = new byte[PartSize];
        while (await stream.ReadAsync(part, cancellationToken) is > 0 and var read)
        {
            if (buffer.Length + read > OrderFeed.MaxBytes)
                return null;
            buffer.Write(part, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
