using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

internal sealed record StoreRow(string Id, JsonObject Body)
{
    /// <summary>Null where it has no value. The id can be asked for by the database's name even where the body calls it differently.</summary>
    public string? this[string attribute] =>
        Body[attribute] is JsonValue value ? value.ToString() : attribute == "entity_id" ? Id : null;
}
