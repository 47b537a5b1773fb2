namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>What the store has: the shop's products or generated ones, with what was changed since.</summary>
internal sealed class StoreCatalog(StoreState store)
{
    private readonly DemoCatalog _demo = new();
    private GeneratedCatalog? _generated;

    /// <summary>As it is now, whatever is changed meanwhile.</summary>
    public CatalogView Now => new(Source(store.Catalog), store.Products.All, store.Categories.All, store.Quirks);

    private ICatalogSource Source(CatalogSize size)
    {
        if (size.Products == 0)
            return _demo;
        var generated = _generated;
        return generated?.Size == size ? generated : _generated = new GeneratedCatalog(size);
    }
}
