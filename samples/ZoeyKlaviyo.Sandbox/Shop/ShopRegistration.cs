using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Sandbox.Shop.Storefront;

namespace ZoeyKlaviyo.Sandbox.Shop;

internal static class ShopRegistration
{
    public static void AddShop(this IServiceCollection services)
    {
        services.AddSingleton<OrderBook>().AddSingleton<CustomerBook>().AddSingleton<SubscriberBook>().AddSingleton<CurrencySwitch>();
        services.AddSingleton<ShopInspection>().AddSingleton<SubscriberInspection>();
        services.AddSingleton<ShopSessions>().AddSingleton<Till>().AddSingleton<ShopLayout>().AddSingleton<ShopFront>().AddSingleton<ShopEndpoints>();
        services.AddSingleton<CatalogPages>().AddSingleton<CartPages>().AddSingleton<CheckoutPages>().AddSingleton<AccountPages>().AddSingleton<TeamPages>();
    }
}
