using System.Globalization;

namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>Numbers as people read them.</summary>
public static class Words
{
    public static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary><c>1 event</c>, <c>1,350 events</c>.</summary>
    public static string Count(long value, string one, string? many = null) => $"{Number(value)} {(value == 1 ? one : many ?? one + "s")}";
}
