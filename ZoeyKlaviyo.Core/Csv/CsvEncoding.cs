using System.Text;

namespace ZoeyKlaviyo.Core.Csv;

public enum CsvEncoding
{
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,

    /// <summary>What spreadsheets in western languages write where they do not write Unicode.</summary>
    Windows1252,
}

internal static class CsvEncodings
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="head">The beginning of a file; it may end in the middle of a character.</param>
    public static CsvEncoding Detect(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, ..] => CsvEncoding.Utf16LittleEndian,
        [0xFE, 0xFF, ..] => CsvEncoding.Utf16BigEndian,
        _ => IsUtf8(head) ? CsvEncoding.Utf8 : CsvEncoding.Windows1252,
    };

    /// <summary>Reads whatever comes: what is no character becomes U+FFFD.</summary>
    public static Decoder Decoder(CsvEncoding encoding) => (encoding switch
    {
        CsvEncoding.Utf16LittleEndian => Encoding.Unicode,
        CsvEncoding.Utf16BigEndian => Encoding.BigEndianUnicode,
        CsvEncoding.Windows1252 => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
        _ => Encoding.UTF8,
    }).GetDecoder();

    private static bool IsUtf8(ReadOnlySpan<byte> head)
    {
        try
        {
            s_strictUtf8.GetDecoder().GetCharCount(head, flush: false);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
