namespace ZoeyKlaviyo.Core.Storage;

/// <summary>Turns what a person typed into a pattern for SQL's LIKE in which it means only itself; compare with lower-cased text.</summary>
internal static class LikePattern
{
    public const string Escape = "\\";

    public static string Containing(string text) =>
        "%" + text.Trim().ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
