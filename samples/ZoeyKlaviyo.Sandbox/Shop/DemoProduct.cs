namespace ZoeyKlaviyo.Sandbox.Shop;

/// <param name="Id">Its entity id.</param>
/// <param name="Picture">File name among the assets.</param>
/// <param name="CategoryIds">Of <see cref="DemoCategory"/>, from the top down.</param>
/// <param name="Variants">Empty for a simple product.</param>
internal sealed record DemoProduct(
    string Id,
    string Sku,
    string Name,
    string Brand,
    decimal Price,
    decimal? CompareAtPrice,
    string Picture,
    IReadOnlyList<string> CategoryIds,
    IReadOnlyList<DemoVariant> Variants)
{
    public static IReadOnlyList<DemoProduct> All { get; } =
    [
        new("101", "HAM-16", "Claw hammer 16 oz", "Acme", 24.90m, null, "hammer.svg", ["3", "4"], []) { Description = "Forged in one piece, with a hickory handle and a claw that pulls what it cannot drive." },
        new("102", "SPN-SET8", "Combination spanner set, 8 pieces", "Acme", 59.00m, 69.00m, "spanner.svg", ["3", "5"], []) { Description = "Eight open and ring ends from 8 to 19 mm, in a roll that hangs on the wall." },
        new("103", "DRL-18V", "Cordless drill 18 V", "Voltwerk", 189.00m, null, "drill.svg", ["6", "7"], []) { Description = "Two gears, 60 Nm, a light where you drill, and a battery for the whole day." },
        new("104", "GLV", "Work gloves", "Handfest", 12.50m, null, "gloves.svg", ["8"],
            [new("105", "GLV-M", "M"), new("106", "GLV-L", "L"), new("107", "GLV-XL", "XL")]) { Description = "Goat leather palms and a cotton back: safe hands that still feel the screw." },
    ];

    public string Description { get; init; } = "";

    public string Url => $"/shop/product/{Id}";

    public string Image => $"/assets/{Picture}";

    /// <summary>The shop also answers at <c>/{UrlKey}.html</c>, as Magento's shops do.</summary>
    public string UrlKey => string.Join('-', Name.ToLowerInvariant().Split([' ', ','], StringSplitOptions.RemoveEmptyEntries));

    public static DemoProduct? Find(string id) => All.FirstOrDefault(product => product.Id == id);

    public IReadOnlyList<string> Categories => [.. CategoryIds.Select(id => DemoCategory.All.Single(category => category.Id == id).Name)];
}

/// <param name="Id">Its entity id as a product of its own, invisible in the shop.</param>
internal sealed record DemoVariant(string Id, string Sku, string Size);

/// <param name="ParentId">"2" is the store's root category, which shoppers never see.</param>
internal sealed record DemoCategory(string Id, string ParentId, string Name, string UrlKey)
{
    public const string RootId = "2";

    public static IReadOnlyList<DemoCategory> All { get; } =
    [
        new("3", RootId, "Hand tools", "hand-tools"),
        new("4", "3", "Hammers", "hammers"),
        new("5", "3", "Spanners", "spanners"),
        new("6", RootId, "Power tools", "power-tools"),
        new("7", "6", "Drills", "drills"),
        new("8", RootId, "Workwear", "workwear"),
    ];

    public string Url => $"/shop/{UrlKey}";

    public IEnumerable<DemoCategory> Children => All.Where(category => category.ParentId == Id);

    public IEnumerable<DemoProduct> Products => DemoProduct.All.Where(product => product.CategoryIds.Contains(Id));

    public static DemoCategory? FindByUrlKey(string urlKey) => All.FirstOrDefault(category => category.UrlKey == urlKey);
}
