using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

/// <summary>A list's row, written out only when it is shown or asked for something that is not at hand.</summary>
/// <param name="known">Values at hand by attribute; null where there is none at hand.</param>
internal sealed class StoreRow(string id, Func<JsonObject> write, Func<string, string?>? known = null)
{
    private JsonObject? _body;

    public StoreRow(string id, JsonObject body)
        : this(id, () => body)
    {
    }

    public string Id => id;

    public JsonObject Body => _body ??= write();

    /// <summary>Null where the row has no value.</summary>
    public string? this[string attribute] => known?.Invoke(attribute) ?? (Body[attribute] as JsonValue)?.ToString();
}
