using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Sandbox.Zoey.Api;
using ZoeyKlaviyo.Sandbox.Zoey.Authorization;
using ZoeyKlaviyo.Sandbox.Zoey.Catalog;
using ZoeyKlaviyo.Sandbox.Zoey.Customers;
using ZoeyKlaviyo.Sandbox.Zoey.Feed;
using ZoeyKlaviyo.Sandbox.Zoey.Inspection;
using ZoeyKlaviyo.Sandbox.Zoey.Orders;

namespace ZoeyKlaviyo.Sandbox.Zoey;

internal static class StoreRegistration
{
    public static void AddZoeyStore(this IServiceCollection services, SandboxOptions options)
    {
        services.AddSingleton<StoreTokens>().AddSingleton<StoreNonces>().AddSingleton<StoreAuthorization>().AddSingleton<StoreTokenEndpoint>();
        services.AddSingleton(provider => new StoreState(provider.GetRequiredService<StoreTokens>(), provider.GetRequiredService<StoreNonces>(), options.Quirks));
        services.AddSingleton<StoreCatalog>().AddSingleton<IOrderJson, OrderJson>().AddSingleton<FeedPush>();
        services.AddSingleton<IStoreResource, ProductResource>().AddSingleton<IStoreResource, StockResource>();
        services.AddSingleton<IStoreResource, CategoryResource>().AddSingleton<IStoreResource, CustomerResource>();
        services.AddSingleton<IStoreResource, OrderResource>().AddSingleton<IStoreResource, SubscriberResource>();
        services.AddSingleton<IStoreResource, StoreConfigResource>();
        services.AddSingleton<StoreApi>().AddSingleton<StoreTraffic>().AddSingleton<StoreEndpoints>();
    }

    /// <summary>Before whatever stands in for Klaviyo, which would take <c>/api/rest</c> for its own.</summary>
    public static void UseZoeyStore(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<StoreTraffic>().HandleAsync);
        app.Services.GetRequiredService<StoreEndpoints>().Map(app);
        app.Services.GetRequiredService<FeedPush>().Map(app);
    }
}
