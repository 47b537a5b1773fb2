using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Carts that people of the store filled or checked out in a customer's name.</summary>
internal static class TeamCarts
{
    private static readonly TimeSpan s_beforeOrder = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(30);
    private const int DeletedAtOnce = 100;

    /// <summary>By its cart; an order that names none is the team's when such a cart of the same address was there last, and the shopper began no checkout after it.</summary>
    public static async Task<bool> HasPlacedAsync(
        AppDbContext db, int storeId, string? cartId, string? email, DateTimeOffset placedUtc, CancellationToken cancellationToken)
    {
        var carts = db.AdminCarts.Where(cart => cart.StoreId == storeId);
        if (cartId is not null)
            return await carts.AnyAsync(cart => cart.CartId == cartId, cancellationToken);
        if (email is null)
            return false;
        var from = placedUtc - s_beforeOrder;
        // A Started Checkout of such a cart was begun by the team itself.
        return await carts.AnyAsync(
            cart => cart.Email == email && cart.SeenUtc >= from && cart.SeenUtc <= placedUtc
                && !db.Payloads.Any(payload => payload.StoreId == storeId && payload.Metric == Metrics.StartedCheckout && payload.Email == email
                    && payload.OccurredUtc > cart.SeenUtc && payload.OccurredUtc <= placedUtc
                    && !db.AdminCarts.Any(own => own.StoreId == storeId && own.CartId == payload.UniqueId)),
            cancellationToken);
    }

    /// <summary>A few of those that no order can name any more.</summary>
    public static Task<List<string>> OldAsync(AppDbContext db, int storeId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = now - s_keep;
        return db.AdminCarts.Where(cart => cart.StoreId == storeId && cart.SeenUtc < before)
            .Select(cart => cart.CartId).Take(DeletedAtOnce).ToListAsync(cancellationToken);
    }

    public static Task ForgetAsync(AppDbContext db, int storeId, List<string> cartIds, CancellationToken cancellationToken) =>
        db.AdminCarts.Where(cart => cart.StoreId == storeId && EF.Parameter(cartIds).Contains(cart.CartId)).ExecuteDeleteAsync(cancellationToken);
}
