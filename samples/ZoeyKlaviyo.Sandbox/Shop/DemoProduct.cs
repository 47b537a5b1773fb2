namespace ZoeyKlaviyo.Sandbox.Shop;

/// <param name="Picture">File name among the assets.</param>
internal sealed record DemoProduct(
    string Id, string Sku, string Name, string Brand, decimal Price, decimal? CompareAtPrice, string Picture, IReadOnlyList<string> Categories)
{
    public static IReadOnlyList<DemoProduct> All { get; } =
    [
        new("101", "HAM-16", "Claw hammer 16 oz", "Acme", 24.90m, null, "hammer.svg", ["Hand tools", "Hammers"]),
        new("102", "SPN-SET8", "Combination spanner set, 8 pieces", "Acme", 59.00m, 69.00m, "spanner.svg", ["Hand tools", "Spanners"]),
        new("103", "DRL-18V", "Cordless drill 18 V", "Voltwerk", 189.00m, null, "drill.svg", ["Power tools", "Drills"]),
    ];
}
