using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Inspection;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;
using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;
using ZoeyKlaviyo.Sandbox.Klaviyo.Events;
using ZoeyKlaviyo.Sandbox.Klaviyo.Limits;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;
using ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;
using ZoeyKlaviyo.Sandbox.Pages;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Shop.Storefront;
using ZoeyKlaviyo.Sandbox.Zoey;

namespace ZoeyKlaviyo.Sandbox.Hosting;

internal static class SandboxApplication
{
    public static void AddSandbox(this IServiceCollection services, SandboxOptions options)
    {
        services.AddSingleton(options).AddSingleton(options.TimeProvider);
        services.AddSingleton<AuthorizationCodes>().AddSingleton<OAuthTokens>().AddSingleton<AuthorizeEndpoint>().AddSingleton<TokenEndpoints>();
        services.AddSingleton<EventBook>().AddSingleton<EventRules>().AddSingleton<ListBook>();
        services.AddSingleton<ProfileBook>().AddSingleton<SubscriptionRules>().AddSingleton<ProfileInspection>();
        services.AddSingleton<CatalogBook>().AddSingleton<CatalogInspection>();
        services.AddShop();
        services.AddSingleton<IApiOperations, AccountOperations>().AddSingleton<IApiOperations, MetricOperations>();
        services.AddSingleton<IApiOperations, EventOperations>().AddSingleton<IApiOperations, ListOperations>();
        services.AddSingleton<IApiOperations, ProfileOperations>().AddSingleton<IApiOperations, SubscriptionOperations>();
        services.AddSingleton<IApiOperations, CatalogReads>().AddSingleton<IApiOperations, CatalogLinks>().AddSingleton<IApiOperations, CatalogJobOperations>();
        services.AddSingleton<KlaviyoApi>().AddSingleton<KlaviyoTraffic>().AddSingleton<RequestLog>().AddSingleton<RateLimits>();
        services.AddSingleton<FaultSwitch>().AddSingleton<FaultEffects>();
        services.AddSingleton<InspectionEndpoints>().AddSingleton<PageEndpoints>().AddSingleton<FaultPages>();
        services.AddZoeyStore(options);
    }

    public static void UseSandbox(this WebApplication app)
    {
        app.UseZoeyStore();
        var traffic = app.Services.GetRequiredService<KlaviyoTraffic>();
        app.Use(traffic.HandleAsync);
        app.Use(CrossSiteGuard.HandleAsync);
        app.UseRouting();
        app.Services.GetRequiredService<AuthorizeEndpoint>().Map(app);
        app.Services.GetRequiredService<TokenEndpoints>().Map(app);
        app.Services.GetRequiredService<InspectionEndpoints>().Map(app);
        app.Services.GetRequiredService<PageEndpoints>().Map(app);
        app.Services.GetRequiredService<FaultPages>().Map(app);
        app.Services.GetRequiredService<ShopEndpoints>().Map(app);
    }
}
