using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Carts that people of the store filled or checked out in a customer's name.</summary>
internal static class TeamCarts
{
    private static readonly TimeSpan s_beforeOrder = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(30);

    /// <summary>
    /// By its cart, when the address is the same: anybody can claim of a cart whose id they guess that the team works on it. An order
    /// that names no cart is the team's when such a cart was there last, and the shopper began no checkout after it.
    /// </summary>
    public static async Task<bool> HasPlacedAsync(
        AppDbContext db, int storeId, string? cartId, string? email, DateTimeOffset placedUtc, CancellationToken cancellationToken)
    {
        if (email is null)
            return false;
        var carts = db.AdminCarts.Where(cart => cart.StoreId == storeId && cart.Email == email);
        if (cartId is not null)
            return await carts.AnyAsync(cart => cart.CartId == cartId, cancellationToken);
        var from = placedUtc - s_beforeOrder;
        // A Started Checkout of such a cart was begun by the team itself.
        return await carts.AnyAsync(
            cart => cart.SeenUtc >= from && cart.SeenUtc <= placedUtc
                && !db.Payloads.Any(payload => payload.StoreId == storeId && payload.Metric == Metrics.StartedCheckout && payload.Email == email
                    && payload.OccurredUtc > cart.SeenUtc && payload.OccurredUtc <= placedUtc
                    && !carts.Any(own => own.CartId == payload.UniqueId)),
            cancellationToken);
    }

    public static Task<bool> HasOldAsync(AppDbContext db, int storeId, DateTimeOffset now, CancellationToken cancellationToken) =>
        Old(db, storeId, now).AnyAsync(cancellationToken);

    public static Task<int> ForgetOldAsync(AppDbContext db, int storeId, DateTimeOffset now, CancellationToken cancellationToken) =>
        Old(db, storeId, now).ExecuteDeleteAsync(cancellationToken);

    /// <summary>No order can name them any more.</summary>
    private static IQueryable<AdminCart> Old(AppDbContext db, int storeId, DateTimeOffset now)
    {
        var before = now - s_keep;
        return db.AdminCarts.Where(cart => cart.StoreId == storeId && cart.SeenUtc < before);
    }
}
