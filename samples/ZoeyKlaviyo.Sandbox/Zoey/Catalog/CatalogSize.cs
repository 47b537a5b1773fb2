namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>How large a catalog to generate in place of the shop's own.</summary>
/// <param name="Products">0: the shop's own.</param>
/// <param name="VariantsPer">0: all products are simple ones.</param>
public sealed record CatalogSize(int Products = 0, int VariantsPer = 0, int Categories = 10)
{
    private const long MaxRecords = 1_000_000;

    internal bool IsPossible => Products >= 0 && VariantsPer >= 0 && Products * (1L + VariantsPer) <= MaxRecords && Categories is >= 0 and <= 10_000;
}
