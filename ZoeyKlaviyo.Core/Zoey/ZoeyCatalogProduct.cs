namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>A product or a variant as the catalog shows it; what the store does not give, or not so that it can be read, is null.</summary>
/// <param name="TypeId">Such as <c>simple</c> or <c>configurable</c>.</param>
/// <param name="IsVisible">Shown in the shop by itself, which a variant usually is not.</param>
/// <param name="SpecialFrom">The first day of <paramref name="SpecialPrice"/>, in the store's zone.</param>
/// <param name="SpecialTo">The last day of <paramref name="SpecialPrice"/>, in the store's zone.</param>
/// <param name="UrlKey">The last part of its address in the shop, without <c>.html</c>.</param>
/// <param name="Description">HTML; the short description where there is no long one.</param>
/// <param name="ParentId">What <c>Zoey:ParentAttribute</c> holds: the configurable product's id or its SKU.</param>
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
    string? ParentId);

/// <param name="Quantity">0 where the store names none; a configurable product has none of its own.</param>
/// <param name="ManagesStock">False: it can be bought whatever the quantity.</param>
public sealed record ZoeyStock(string ProductId, decimal Quantity, bool IsInStock, bool ManagesStock, bool AllowsBackorders);
