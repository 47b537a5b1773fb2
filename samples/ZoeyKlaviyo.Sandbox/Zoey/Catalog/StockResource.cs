using System.Globalization;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>A row a product; a row's id is not its product's.</summary>
internal sealed class StockResource(StoreCatalog catalog) : IStoreResource
{
    private static readonly StoreCollection s_collection =
        new(["item_id", "product_id", "stock_id", "qty", "min_qty", "is_in_stock", "manage_stock", "backorders"], IsMap: false) { SortedBy = "item_id" };

    public IEnumerable<StoreRoute> Routes =>
    [
        new("stockitems", List),
        new("stockitems/{id}", call => call.Id.StartsWith('1') && catalog.Now.Find(call.Id[1..]) is { } product
            ? StoreAnswer.Ok(Body(product)) : StoreAnswer.NoEntity),
    ];

    private StoreAnswer List(StoreCall call)
    {
        var view = catalog.Now;
        var ids = view.Ids;
        return s_collection.Answer(call, new StoreRows(ids.Count, index => Row(view, ids[index])));
    }

    public static JsonObject Data(StoreProduct product) => new()
    {
        ["qty"] = product.Quantity,
        ["min_qty"] = "0.0000",
        ["is_in_stock"] = StoreFormats.Flag(product.IsConfigurable || Count(product) > 0),
        ["manage_stock"] = StoreFormats.Flag(!product.IsConfigurable),
        ["use_config_manage_stock"] = "1",
        ["backorders"] = "0",
        ["min_sale_qty"] = "1.0000",
        ["max_sale_qty"] = "0.0000",
        ["is_qty_decimal"] = "0",
    };

    private static decimal Count(StoreProduct product) =>
        decimal.TryParse(product.Quantity, CultureInfo.InvariantCulture, out var count) ? count : 0;

    private static StoreRow Row(CatalogView view, long id)
    {
        var product = id.ToString(CultureInfo.InvariantCulture);
        return new("1" + product, () => Body(view.Find(id)!), attribute => attribute switch { "item_id" => "1" + product, "product_id" => product, _ => null });
    }

    private static JsonObject Body(StoreProduct product)
    {
        var row = Data(product);
        row["item_id"] = "1" + product.Id;
        row["product_id"] = product.Id;
        row["stock_id"] = "1";
        row["low_stock_date"] = null;
        row["zoey_unlisted"] = StoreFormats.Unlisted;
        return row;
    }
}
