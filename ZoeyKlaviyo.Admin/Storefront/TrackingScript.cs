using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ZoeyKlaviyo.Admin.Storefront;

/// <summary>What is the store's own in its tracking script.</summary>
/// <param name="Collect">The absolute address that events are posted to.</param>
/// <param name="IsActive">Connected and enabled.</param>
/// <param name="Events">The types whose switch is Yes, separated by spaces.</param>
internal sealed record ScriptSettings(string Collect, bool IsActive, string Events, bool AdminTracking);

/// <param name="Encoding">The <c>Content-Encoding</c>; null for the plain text.</param>
/// <param name="ETag">Strong, hence another one for each encoding.</param>
internal sealed record ScriptBody(string? Encoding, string ETag, byte[] Bytes);

/// <summary>The tracking script, rendered and compressed once for each state of a store's settings.</summary>
internal sealed class TrackingScript
{
    /// <summary>Where nobody configured the public address, whoever asks chooses a part of the settings.</summary>
    private const int MaxKept = 200;

    private const string SettingsMark = "__SETTINGS__";

    private readonly ConcurrentDictionary<ScriptSettings, Lazy<IReadOnlyList<ScriptBody>>> _rendered = new();
    private readonly string _active = ScriptMinifier.Minify(Source("tracking.js"));
    private readonly string _inactive = ScriptMinifier.Minify(Source("tracking-off.js"));

    /// <returns>The best encoding first, the plain text last.</returns>
    public IReadOnlyList<ScriptBody> Render(ScriptSettings settings)
    {
        // Nothing of an inactive script is the store's own.
        var key = settings.IsActive ? settings : new ScriptSettings("", false, "", false);
        if (_rendered.Count >= MaxKept && !_rendered.ContainsKey(key))
            _rendered.Clear();
        return _rendered.GetOrAdd(key, static (settings, script) => new(() => script.Compress(settings)), this).Value;
    }

    private List<ScriptBody> Compress(ScriptSettings settings)
    {
        var text = Encoding.UTF8.GetBytes(settings.IsActive ? _active.Replace(SettingsMark, Json(settings), StringComparison.Ordinal) : _inactive);
        var hash = Convert.ToHexStringLower(SHA256.HashData(text))[..32];
        return
        [
            new("br", $"\"{hash}-br\"", Compressed(text, stream => new BrotliStream(stream, CompressionLevel.SmallestSize))),
            new("gzip", $"\"{hash}-gzip\"", Compressed(text, stream => new GZipStream(stream, CompressionLevel.SmallestSize))),
            new(null, $"\"{hash}\"", text),
        ];
    }

    /// <summary>The encoder escapes whatever could end a string, a script or a line.</summary>
    private static string Json(ScriptSettings settings) =>
        JsonSerializer.Serialize(new { collect = settings.Collect, events = settings.Events.Split(' ', StringSplitOptions.RemoveEmptyEntries), adminTracking = settings.AdminTracking });

    private static byte[] Compressed(byte[] text, Func<Stream, Stream> compress)
    {
        using var buffer = new MemoryStream();
        using (var stream = compress(buffer))
            stream.Write(text);
        return buffer.ToArray();
    }

    private static string Source(string name)
    {
        using var stream = typeof(TrackingScript).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
