using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <param name="ParentId">"1", which no list has, for the store's root category.</param>
/// <param name="IsActive">As the store writes it.</param>
internal sealed record StoreCategory(string Id, string ParentId, string Name, string UrlKey, string IsActive = "1")
{
    public static StoreCategory Root { get; } = new(DemoCategory.RootId, "1", "Default Category", "default-category");

    public static StoreCategory New(string id) => new(id, DemoCategory.RootId, "Category " + id, "category-" + id);

    /// <summary>With <c>name</c>, <c>parent_id</c> and <c>is_active</c> as they were changed.</summary>
    public StoreCategory With(JsonObject changes) => this with
    {
        Name = changes["name"]?.ToString() ?? Name,
        ParentId = changes["parent_id"]?.ToString() ?? ParentId,
        IsActive = changes["is_active"]?.ToString() ?? IsActive,
    };
}
