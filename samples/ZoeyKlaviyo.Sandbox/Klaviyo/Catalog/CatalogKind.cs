using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

[JsonConverter(typeof(JsonStringEnumConverter<CatalogKind>))]
public enum CatalogKind
{
    [JsonStringEnumMemberName("category")] Category,

    [JsonStringEnumMemberName("item")] Item,

    [JsonStringEnumMemberName("variant")] Variant,
}

[JsonConverter(typeof(JsonStringEnumConverter<CatalogOperation>))]
public enum CatalogOperation
{
    [JsonStringEnumMemberName("create")] Create,

    [JsonStringEnumMemberName("update")] Update,

    [JsonStringEnumMemberName("delete")] Delete,
}

[JsonConverter(typeof(JsonStringEnumConverter<CatalogJobStatus>))]
public enum CatalogJobStatus
{
    [JsonStringEnumMemberName("processing")] Processing,

    [JsonStringEnumMemberName("complete")] Complete,

    /// <summary>Nothing of it was done.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,
}
