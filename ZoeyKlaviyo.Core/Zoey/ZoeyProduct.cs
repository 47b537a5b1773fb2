namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>A product or a variant: in a Zoey store both are products.</summary>
/// <param name="ParentId">The configurable product's id, where the store's <c>Zoey:ParentAttribute</c> names one.</param>
/// <param name="UrlKey">The last part of its address in the shop, without <c>.html</c>.</param>
/// <param name="Brand">Text; null where the store answers with an option's id instead.</param>
public sealed record ZoeyProduct(string Id, string? Sku, string? Name, string? TypeId, string? ParentId, string? UrlKey, string? Brand);

/// <param name="ParentId">Null for a root.</param>
public sealed record ZoeyCategory(string Id, string? ParentId, string Name);
