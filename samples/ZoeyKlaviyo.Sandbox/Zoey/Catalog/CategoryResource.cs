using System.Globalization;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>The store's root category, which shoppers never see, and those below it.</summary>
internal sealed class CategoryResource(StoreCatalog catalog) : IStoreResource
{
    private const int MaxLevel = 20;

    private static readonly StoreCollection s_collection =
        new(["category_id", "parent_id", "name", "url_key", "is_active", "include_in_menu", "position", "level"], IsMap: false);

    public IEnumerable<StoreRoute> Routes => [new("categories", List), new("categories/{id}", One)];

    private StoreAnswer List(StoreCall call)
    {
        var view = catalog.Now;
        return s_collection.Answer(call, view.Categories.Select(category => Row(category, view)));
    }

    private StoreAnswer One(StoreCall call)
    {
        var view = catalog.Now;
        return view.FindCategory(call.Id) is { } category ? StoreAnswer.Ok(Body(category, view)) : StoreAnswer.NoEntity;
    }

    private static StoreRow Row(StoreCategory category, CatalogView view)
    {
        var body = new JsonObject { ["category_id"] = category.Id };
        foreach (var (name, value) in Body(category, view))
            body[name] = value?.DeepClone();
        return new(category.Id, body);
    }

    /// <summary>Without the id: whoever asks for one category knows it.</summary>
    private static JsonObject Body(StoreCategory category, CatalogView view) => new()
    {
        ["parent_id"] = category.ParentId,
        ["name"] = category.Name,
        ["url_key"] = category.UrlKey,
        ["is_active"] = category.IsActive,
        ["include_in_menu"] = "1",
        ["include_in_menu_mobile"] = "1",
        ["available_sort_by"] = null,
        ["default_sort_by"] = null,
        ["position"] = category.Id,
        ["level"] = Level(category, view).ToString(CultureInfo.InvariantCulture),
        ["zoey_unlisted"] = StoreFormats.Unlisted,
    };

    /// <summary>Ends where changes made a circle.</summary>
    private static int Level(StoreCategory category, CatalogView view, int below = 0) => below == MaxLevel || category.Id == StoreCategory.Root.Id ? 1
        : view.FindCategory(category.ParentId) is { } parent ? Level(parent, view, below + 1) + 1 : 2;
}
