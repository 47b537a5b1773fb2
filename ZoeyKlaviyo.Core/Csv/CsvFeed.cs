namespace ZoeyKlaviyo.Core.Csv;

/// <summary>
/// A file's text for the parser, without a byte order mark and NUL. The parser holds a record until it ends, which one with a quote that
/// nobody closes never does, so that the text seems to end once a record is too long.
/// </summary>
internal sealed class CsvFeed(Stream stream, CsvEncoding encoding, CancellationToken cancellationToken) : TextReader
{
    public const int MaxRecord = 64 * 1024;
    private const int Size = 16 * 1024;
    private readonly System.Text.Decoder _decoder = CsvEncodings.Decoder(encoding);
    private readonly byte[] _bytes = new byte[Size];
    private readonly char[] _text = new char[Size + 16];
    private int _position;
    private int _length;
    private int _given;
    private bool _isBegun;
    private bool _isEnded;

    public long BytesRead { get; private set; }

    /// <summary>The record was cut off.</summary>
    public bool IsCut { get; private set; }

    public void StartRecord() => _given = 0;

    public override async Task<int> ReadAsync(char[] buffer, int index, int count)
    {
        IsCut = _given >= MaxRecord;
        if (IsCut || !await FillAsync())
            return 0;
        var given = Math.Min(count, _length - _position);
        _text.AsSpan(_position, given).CopyTo(buffer.AsSpan(index));
        _position += given;
        _given += given;
        return given;
    }

    /// <summary>To the beginning of the next line, for another parser.</summary>
    public async Task SkipLineAsync()
    {
        while (await FillAsync())
        {
            var end = _text.AsSpan(_position, _length - _position).IndexOfAny('\r', '\n');
            _position = end < 0 ? _length : _position + end + 1;
            if (end < 0)
                continue;
            if (_text[_position - 1] == '\r' && await FillAsync() && _text[_position] == '\n')
                _position++;
            return;
        }
    }

    private async Task<bool> FillAsync()
    {
        while (_position == _length && !_isEnded)
        {
            var read = await stream.ReadAsync(_bytes, cancellationToken);
            BytesRead += read;
            _isEnded = read == 0;
            _position = 0;
            _length = Clean(_decoder.GetChars(_bytes.AsSpan(0, read), _text, flush: _isEnded));
        }

        return _position < _length;
    }

    private int Clean(int length)
    {
        var (kept, mark) = (0, _isBegun ? '\0' : '\uFEFF');
        _isBegun |= length > 0;
        for (var i = 0; i < length; i++)
        {
            if (_text[i] != '\0' && !(i == 0 && _text[i] == mark))
                _text[kept++] = _text[i];
        }

        return kept;
    }
}
