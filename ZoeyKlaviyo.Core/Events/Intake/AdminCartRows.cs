using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>By hand, as EF Core knows no insert that updates what is there.</summary>
internal static class AdminCartRows
{
    public static async Task SaveAsync(AppDbContext db, IReadOnlyList<IntakeCart> carts)
    {
        // In one sequence, so that two instances never wait for each other in a circle.
        foreach (var cart in carts.OrderBy(cart => cart.StoreId).ThenBy(cart => cart.CartId, StringComparer.Ordinal))
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "AdminCarts" ("StoreId", "CartId", "Email", "SeenUtc") VALUES ({cart.StoreId}, {cart.CartId}, {cart.Email}, {cart.SeenUtc.ToUnixTimeMilliseconds()})
                ON CONFLICT ("StoreId", "CartId") DO UPDATE SET
                    "Email" = excluded."Email",
                    "SeenUtc" = CASE WHEN excluded."SeenUtc" > "AdminCarts"."SeenUtc" THEN excluded."SeenUtc" ELSE "AdminCarts"."SeenUtc" END
                """);
        }
    }
}
