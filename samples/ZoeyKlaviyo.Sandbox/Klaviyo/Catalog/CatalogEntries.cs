namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

internal interface ICatalogEntry
{
    /// <summary>The external id.</summary>
    string Id { get; }
}

/// <param name="Id">The external id.</param>
public sealed record CatalogCategory(string Id, string Name, DateTimeOffset Updated) : ICatalogEntry;

/// <param name="Id">The external id.</param>
public sealed record CatalogItem(string Id) : ICatalogEntry
{
    public string Title { get; init; } = "";

    public string Description { get; init; } = "";

    public string Url { get; init; } = "";

    public decimal? Price { get; init; }

    public string? ImageFullUrl { get; init; }

    public string? ImageThumbnailUrl { get; init; }

    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>JSON.</summary>
    public string? CustomMetadata { get; init; }

    public bool Published { get; init; } = true;

    /// <summary>External ids.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Updated { get; init; }
}

/// <param name="Id">The external id.</param>
/// <param name="Item">The external id of the item, which never changes.</param>
public sealed record CatalogVariant(string Id, string Item) : ICatalogEntry
{
    public string Title { get; init; } = "";

    public string Description { get; init; } = "";

    public string Url { get; init; } = "";

    public string Sku { get; init; } = "";

    public decimal? Price { get; init; }

    public decimal? InventoryQuantity { get; init; }

    /// <summary>1: hidden when out of stock; 0 and 2: always shown.</summary>
    public int InventoryPolicy { get; init; }

    public string? ImageFullUrl { get; init; }

    public string? ImageThumbnailUrl { get; init; }

    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>JSON.</summary>
    public string? CustomMetadata { get; init; }

    public bool Published { get; init; } = true;

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Updated { get; init; }
}
