using System.Globalization;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>The store's root category, which shoppers never see, and those below it.</summary>
internal sealed class CategoryResource : IStoreResource
{
    private static readonly StoreCollection s_collection =
        new(["category_id", "parent_id", "name", "url_key", "is_active", "include_in_menu", "position", "level"], IsMap: false);

    private static readonly DemoCategory s_root = new(DemoCategory.RootId, "1", "Default Category", "default-category");

    public IEnumerable<StoreRoute> Routes =>
    [
        new("categories", call => s_collection.Answer(call, DemoCategory.All.Prepend(s_root).Select(List))),
        new("categories/{id}", One),
    ];

    private static StoreAnswer One(StoreCall call) =>
        DemoCategory.All.Prepend(s_root).FirstOrDefault(category => category.Id == call.Id) is { } category
            ? StoreAnswer.Ok(Body(category)) : StoreAnswer.NoEntity;

    private static StoreRow List(DemoCategory category)
    {
        var body = new JsonObject { ["category_id"] = category.Id };
        foreach (var (name, value) in Body(category))
            body[name] = value?.DeepClone();
        return new(category.Id, body);
    }

    /// <summary>Without the id: whoever asks for one category knows it.</summary>
    private static JsonObject Body(DemoCategory category) => new()
    {
        ["parent_id"] = category.ParentId,
        ["name"] = category.Name,
        ["url_key"] = category.UrlKey,
        ["is_active"] = "1",
        ["include_in_menu"] = "1",
        ["include_in_menu_mobile"] = "1",
        ["available_sort_by"] = null,
        ["default_sort_by"] = null,
        ["position"] = category.Id,
        ["level"] = Level(category).ToString(CultureInfo.InvariantCulture),
        ["zoey_unlisted"] = StoreFormats.Unlisted,
    };

    private static int Level(DemoCategory category) =>
        DemoCategory.All.FirstOrDefault(one => one.Id == category.ParentId) is { } parent ? Level(parent) + 1 : category == s_root ? 1 : 2;
}
