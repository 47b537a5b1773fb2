namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>A product or a variant with all that a catalog needs of it and the product list tells.</summary>
/// <param name="IsVisible">Shoppers find it by itself.</param>
/// <param name="SpecialFrom">In the store's time zone, as the end.</param>
/// <param name="UrlKey">The last part of its address in the shop, without <c>.html</c>.</param>
/// <param name="Description">HTML; the short one where there is no other.</param>
/// <param name="ParentReference">What the store's <c>Zoey:ParentAttribute</c> holds: the id or the SKU of the product it is a variant of.</param>
public sealed record ZoeyCatalogProduct(
    string Id,
    string? Sku,
    string? Name,
    string? TypeId,
    bool IsEnabled,
    bool IsVisible,
    decimal? Price,
    decimal? SpecialPrice,
    DateOnly? SpecialFrom,
    DateOnly? SpecialTo,
    string? UrlKey,
    string? Description,
    string? ParentReference);

/// <param name="ManagesStock">False: nobody counts it, and it is never sold out.</param>
/// <param name="AllowsBackorders">It is sold also when there is none left.</param>
public sealed record ZoeyStock(string ProductId, decimal Quantity, bool IsInStock, bool ManagesStock, bool AllowsBackorders);
