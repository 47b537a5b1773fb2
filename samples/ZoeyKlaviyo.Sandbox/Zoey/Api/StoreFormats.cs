using System.Globalization;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

/// <summary>Values as the store writes them: texts throughout.</summary>
internal static class StoreFormats
{
    /// <summary>Four decimal places, as the database keeps amounts and quantities.</summary>
    public static string Amount(decimal value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>UTC, without saying so.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Flag(bool value) => value ? "1" : "0";

    /// <summary>A part that no client knows: merchants and Zoey add them at will.</summary>
    public static JsonNode Unlisted => new JsonObject { ["rows"] = new JsonArray(1, null, "two"), ["note"] = "" };
}
