using System.Text.Encodings.Web;
using System.Text.Json;

namespace ZoeyKlaviyo.Sandbox.Storage;

/// <summary>
/// A file of JSON lines. A line is with the operating system once <see cref="Append"/> returns, so a killed process loses none;
/// one that was cut off by the kill is dropped at the next start. Without a directory nothing is written.
/// </summary>
internal sealed class Journal<T> : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly FileStream? _file;

    /// <exception cref="IOException">The file cannot be written, or another process has it.</exception>
    public Journal(string? directory, string name)
    {
        if (directory is null)
            return;
        Directory.CreateDirectory(directory);
        _file = new(Path.Combine(directory, name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
    }

    /// <summary>The lines of earlier times, once, before the first <see cref="Append"/>.</summary>
    /// <exception cref="IOException">A whole line is not what it should be.</exception>
    public IEnumerable<T> Load()
    {
        if (_file is null)
            yield break;
        DropTornLine(_file);
        _file.Position = 0;
        using (var reader = new StreamReader(_file, bufferSize: 64 * 1024, leaveOpen: true))
        {
            for (var number = 1; reader.ReadLine() is { } line; number++)
                yield return Read(line, number);
        }
        _file.Position = _file.Length;
    }

    public void Append(T record)
    {
        if (_file is null)
            return;
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, s_json), (byte)'\n'];
        lock (_lock)
        {
            var end = _file.Position;
            try
            {
                _file.Write(line);
            }
            catch
            {
                _file.SetLength(end);
                throw;
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
            _file?.SetLength(0);
    }

    public void Dispose() => _file?.Dispose();

    private T Read(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, s_json) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new IOException($"{_file!.Name}, line {number}, cannot be read: {exception.Message}", exception);
        }
    }

    private static void DropTornLine(FileStream file)
    {
        var chunk = new byte[64 * 1024];
        for (var end = file.Length; end > 0; end -= Math.Min(end, chunk.Length))
        {
            var part = chunk.AsSpan(0, (int)Math.Min(end, chunk.Length));
            file.Position = end - part.Length;
            file.ReadExactly(part);
            if (part.LastIndexOf((byte)'\n') is >= 0 and var index)
            {
                file.SetLength(end - part.Length + index + 1);
                return;
            }
        }
        file.SetLength(0);
    }
}
