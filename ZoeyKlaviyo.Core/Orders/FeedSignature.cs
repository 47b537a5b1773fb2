using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>
/// The header <c>Zoey-Signature: t=&lt;unix seconds&gt;,v1=&lt;hex HMAC-SHA256 of t + "." + raw body&gt;</c>. Several <c>v1</c> let a store
/// change its secret without a gap.
/// </summary>
public sealed class FeedSignature
{
    public const string Header = "Zoey-Signature";
    private const int MaxHeaderLength = 1000;
    private static readonly TimeSpan s_maxOff = TimeSpan.FromMinutes(5);
    private readonly string _time;
    private readonly List<byte[]> _values;

    private FeedSignature(string time, List<byte[]> values) => (_time, _values) = (time, values);

    /// <summary>Unix seconds, as they were signed.</summary>
    public string Time => _time;

    /// <returns>Null when the header is missing or unreadable, or its time is more than five minutes off.</returns>
    public static FeedSignature? TryParse(string? header, DateTimeOffset now)
    {
        if (header is not { Length: > 0 and <= MaxHeaderLength })
            return null;
        string? time = null;
        var values = new List<byte[]>();
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal) && time is null)
                time = part[2..];
            else if (part.StartsWith("v1=", StringComparison.Ordinal) && TryHex(part[3..]) is { } value)
                values.Add(value);
        }

        return values.Count > 0 && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs((decimal)seconds - now.ToUnixTimeMilliseconds() / 1000m) <= (decimal)s_maxOff.TotalSeconds
            ? new FeedSignature(time, values)
            : null;
    }

    public bool Fits(ReadOnlySpan<byte> body, byte[] secret)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes(_time + "."));
        hmac.AppendData(body);
        var expected = hmac.GetHashAndReset();
        var fits = false;
        foreach (var value in _values)
            fits |= CryptographicOperations.FixedTimeEquals(value, expected);
        return fits;
    }

    private static byte[]? TryHex(string text)
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        return text.Length == bytes.Length * 2 && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : null;
    }
}
