using System.Globalization;
using ZoeyKlaviyo.Sandbox.Shop;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>The shop's products, each variant as a product of its own, with what was changed since.</summary>
internal sealed class StoreCatalog(StoreState store)
{
    /// <summary>By id, ascending.</summary>
    public IReadOnlyList<StoreProduct> Products
    {
        get
        {
            var changes = store.Products.All;
            var own = DemoProduct.All.SelectMany(product => StoreProduct.From(product, store.Quirks.ParentId)).ToDictionary(product => product.Id);
            foreach (var (id, change) in changes)
            {
                if (change is null)
                    own.Remove(id);
                else
                    own[id] = (own.GetValueOrDefault(id) ?? StoreProduct.New(id)).With(change);
            }
            if (store.Quirks.UpdatedAt)
            {
                foreach (var product in own.Values)
                    product.Attributes.TryAdd("updated_at", "2024-01-02 03:04:05");
            }
            return [.. own.Values.OrderBy(product => long.Parse(product.Id, CultureInfo.InvariantCulture))];
        }
    }

    public StoreProduct? Find(string id) => Products.FirstOrDefault(product => product.Id == id);
}
