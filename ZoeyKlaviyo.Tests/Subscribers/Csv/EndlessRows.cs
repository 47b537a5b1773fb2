using System.Globalization;
using System.Text;

namespace ZoeyKlaviyo.Tests.Subscribers.Csv;

/// <summary>A file that is made while it is read, so that nobody can have held it whole.</summary>
internal sealed class EndlessRows(int rows) : Stream
{
    private byte[] _row = [];
    private int _position;

    public int RowsMade { get; private set; }

    public long BytesMade { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _row.Length && RowsMade < rows)
        {
            var id = ++RowsMade;
            _row = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"jo{id}@shop.test,Subscribed,2024-01-02 03:04:05,{id}\r\n"));
            _position = 0;
            BytesMade += _row.Length;
        }

        var given = Math.Min(buffer.Length, _row.Length - _position);
        _row.AsMemory(_position, given).CopyTo(buffer);
        _position += given;
        return ValueTask.FromResult(given);
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
