namespace ZoeyKlaviyo.Tests.Subscribers.Csv;

/// <summary>As slow as an upload can be.</summary>
internal sealed class ByteByByte(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..1], cancellationToken);
}
