using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>What decides now whether a part of the catalog is sent, and how.</summary>
/// <param name="AccountId">Empty while the store is not connected.</param>
/// <param name="Storefront">The shop's address, without a slash at its end.</param>
/// <param name="Held">Why nothing may be sent, in words; null when something may.</param>
internal sealed record CatalogSituation(int StoreId, string AccountId, string IdPrefix, string Storefront, string? Held)
{
    public static async Task<CatalogSituation> ReadAsync(AppDbContext db, int storeId, CatalogKind? kind, CancellationToken cancellationToken)
    {
        var store = await db.Stores.Where(row => row.Id == storeId).Select(row => new { row.IdPrefix, row.StorefrontUrl }).SingleAsync(cancellationToken);
        var connected = await StoreSituation.ReadAsync(db, storeId, cancellationToken);
        var on = await db.SwitchStates.Where(state => state.StoreId == storeId && state.IsOn).Select(state => state.Switch).ToListAsync(cancellationToken);
        var held = connected is null ? "The store is not connected to Klaviyo."
            : !on.Contains(Switch.IsEnabled) ? "Is Enabled is No: nothing is sent, and nothing is deleted."
            : kind is { } one && !on.Contains(SwitchOf(one)) ? $"{SwitchCatalog.Of(SwitchOf(one)).Name} is No: nothing is sent, and nothing is deleted."
            : null;
        return new CatalogSituation(storeId, connected?.AccountId ?? "", store.IdPrefix, store.StorefrontUrl.TrimEnd('/'), held);
    }

    public string ItemId(string productId) => IdPrefix + productId;

    public string VariantId(string productId) => $"{IdPrefix}v-{productId}";

    public string CategoryId(string categoryId) => $"{IdPrefix}c-{categoryId}";

    private static Switch SwitchOf(CatalogKind kind) => kind switch
    {
        CatalogKind.Category => Switch.Categories,
        CatalogKind.Item => Switch.Products,
        CatalogKind.Variant => Switch.Variants,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
