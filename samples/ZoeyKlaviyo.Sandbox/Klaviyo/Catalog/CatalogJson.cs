using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

internal static class CatalogJson
{
    public static JsonObject Write(ApiCall call, CatalogCategory category) => Of(call, CatalogKind.Category, category.Id, new JsonObject
    {
        ["external_id"] = category.Id,
        ["name"] = category.Name,
        ["updated"] = ApiResource.Time(category.Updated),
    });

    public static JsonObject Write(ApiCall call, CatalogItem item) => Of(call, CatalogKind.Item, item.Id, new JsonObject
    {
        ["external_id"] = item.Id,
        ["title"] = item.Title,
        ["description"] = item.Description,
        ["price"] = item.Price,
        ["url"] = item.Url,
        ["image_full_url"] = item.ImageFullUrl,
        ["image_thumbnail_url"] = item.ImageThumbnailUrl,
        ["images"] = Texts(item.Images),
        ["custom_metadata"] = Json(item.CustomMetadata),
        ["published"] = item.Published,
        ["created"] = ApiResource.Time(item.Created),
        ["updated"] = ApiResource.Time(item.Updated),
    });

    public static JsonObject Write(ApiCall call, CatalogVariant variant) => Of(
        call,
        CatalogKind.Variant,
        variant.Id,
        new JsonObject
        {
            ["external_id"] = variant.Id,
            ["title"] = variant.Title,
            ["description"] = variant.Description,
            ["sku"] = variant.Sku,
            ["inventory_policy"] = variant.InventoryPolicy,
            ["inventory_quantity"] = variant.InventoryQuantity,
            ["price"] = variant.Price,
            ["url"] = variant.Url,
            ["image_full_url"] = variant.ImageFullUrl,
            ["image_thumbnail_url"] = variant.ImageThumbnailUrl,
            ["images"] = Texts(variant.Images),
            ["custom_metadata"] = Json(variant.CustomMetadata),
            ["published"] = variant.Published,
            ["created"] = ApiResource.Time(variant.Created),
            ["updated"] = ApiResource.Time(variant.Updated),
        },
        new JsonObject { ["item"] = ApiResource.Related(CatalogKind.Item.Type(), CatalogNames.Compound(variant.Item)) });

    public static JsonObject Write(ApiCall call, CatalogJob job)
    {
        var inProgress = job.Status == CatalogJobStatus.Processing;
        return ApiResource.Of(call, CatalogNames.JobType(job.Kind, job.Operation), job.Id, new JsonObject
        {
            ["status"] = Word(job.Status),
            ["created_at"] = ApiResource.Time(job.CreatedAt),
            ["total_count"] = job.Rows,
            ["completed_count"] = job.Completed,
            ["failed_count"] = job.Failed,
            ["completed_at"] = inProgress ? null : ApiResource.Time(job.CompletedAt!.Value),
            ["errors"] = new JsonArray([.. job.Errors.Select((error, index) => Write(job, error, index))]),
            ["expires_at"] = ApiResource.Time(job.ExpiresAt),
        });
    }

    public static string Word(CatalogJobStatus status) => status switch
    {
        CatalogJobStatus.Processing => "processing",
        CatalogJobStatus.Complete => "complete",
        _ => "cancelled",
    };

    /// <summary>What a relationship names.</summary>
    public static JsonObject Reference(CatalogKind kind, string id) => new() { ["type"] = kind.Type(), ["id"] = CatalogNames.Compound(id) };

    private static JsonObject Of(ApiCall call, CatalogKind kind, string id, JsonObject attributes, JsonObject? relationships = null) =>
        ApiResource.Of(call, kind.Type(), CatalogNames.Compound(id), attributes, call.Query($"fields[{kind.Type()}]") is null ? relationships : null);

    /// <summary>The contract knows no <c>meta</c> here; Klaviyo was seen to send it.</summary>
    private static JsonObject Write(CatalogJob job, CatalogJobError error, int index) => new()
    {
        ["id"] = $"{job.Id}-{index}",
        ["code"] = error.Code,
        ["title"] = error.Title,
        ["detail"] = error.Detail,
        ["source"] = new JsonObject { ["pointer"] = error.Pointer },
        ["meta"] = new JsonObject { ["id"] = error.RowId },
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonNode? Json(string? json) => json is null ? null : JsonNode.Parse(json);
}
