using FluentValidation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Catalog.Reading;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;
using ZoeyKlaviyo.Core.Stores.Api;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Core.Subscribers.Delivery;
using ZoeyKlaviyo.Core.Subscribers.Feed;
using ZoeyKlaviyo.Core.Subscribers.Files;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core;

public static class CoreRegistration
{
    /// <summary>Everything but the host's part: the host adds <see cref="ISecretProtector"/>, <see cref="TimeProvider"/>, logging and the clock.</summary>
    public static IServiceCollection AddCore(this IServiceCollection services, IConfiguration configuration) => services
        .AddStorage(configuration)
        .AddStores()
        .AddKlaviyo(configuration)
        .AddZoey(configuration)
        .AddEvents()
        .AddOrders()
        .AddSubscribers()
        .AddCatalog()
        .AddScheduling(configuration)
        .AddSingleton<Timeline>()
        .AddSingleton<RunDetails>();

    private static IServiceCollection AddStores(this IServiceCollection services) => services
        .AddSingleton<StoreSetup>()
        .AddSingleton<StoreAccess>()
        .AddSingleton<StoreSignals>()
        .AddSingleton<SettingsEditor>()
        .AddSingleton<IValidator<SwitchChange>, SwitchChangeValidator>();

    private static IServiceCollection AddKlaviyo(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<KlaviyoOptions>(configuration.GetSection("Klaviyo"));
        services.AddSingleton<EndpointLimits>();
        // A token in a redirect would go to a host that nobody chose.
        services.AddHttpClient<KlaviyoHttp>(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        // Shorter than the refresh lease, so that nobody takes it over from a refresh that is still under way.
        services.AddHttpClient<KlaviyoOAuthClient>(client => client.Timeout = TimeSpan.FromSeconds(20))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        return services
            .AddSingleton<KlaviyoClient>()
            .AddSingleton<KlaviyoProfileClient>()
            .AddSingleton<KlaviyoSubscriptionClient>()
            .AddSingleton<KlaviyoListClient>()
            .AddSingleton<TokenRows>()
            .AddSingleton<KlaviyoTokens>()
            .AddSingleton<KlaviyoCalls>()
            .AddSingleton<TokenRevocation>()
            .AddSingleton<AccountSwitch>()
            .AddSingleton<ConnectionStore>()
            .AddSingleton<KlaviyoConnector>();
    }

    private static IServiceCollection AddZoey(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<ZoeyOptions>(configuration.GetSection("Zoey"));
        // A redirected request is no longer validly signed; a cookie of one store is no business of another.
        services.AddHttpClient<ZoeyHttp>(client => client.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(ZoeyHandler);
        services.AddHttpClient<ZoeyTokenClient>(client => client.MaxResponseContentBufferSize = 1024 * 1024).ConfigurePrimaryHttpMessageHandler(ZoeyHandler);
        return services
            .AddSingleton<ZoeyPace>()
            .AddSingleton<ZoeyPager>()
            .AddSingleton<ZoeyOrderListing>()
            .AddSingleton<IZoeyClient, ZoeyClient>()
            .AddSingleton<ZoeyProber>()
            .AddSingleton<ZoeyAccessRows>()
            .AddSingleton<ZoeyAccessTokens>()
            .AddSingleton<ZoeyStores>()
            .AddSingleton<IZoeyStores>(provider => provider.GetRequiredService<ZoeyStores>())
            .AddSingleton<ZoeyProbe>()
            .AddSingleton<ZoeyAccessEditor>()
            .AddSingleton<IValidator<ZoeyAccessChange>, ZoeyAccessChangeValidator>();

        static SocketsHttpHandler ZoeyHandler() => new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
    }

    private static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddSingleton<IntakeStores>()
        .AddSingleton<IntakeWriter>()
        .AddSingleton<IntakeMetrics>()
        .AddSingleton<LiveCheck>()
        .AddSingleton<EventIntake>()
        .AddSingleton<PayloadQueries>()
        .AddSingleton<PayloadCommands>()
        .AddSingleton<PayloadSettlement>()
        .AddSingleton<IPayloadDelivery, PayloadDelivery>()
        .AddSingleton<ISyncRun, EventsRun>()
        .AddSingleton<ISyncRun, RetriesRun>();

    private static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton<OrderRules>()
        .AddSingleton<OrderBook>()
        .AddSingleton<OrderPreparation>()
        .AddSingleton<WaitingOrders>()
        .AddSingleton<ProductDirectory>()
        .AddSingleton<CategoryNames>()
        .AddSingleton<IPayloadSource, OrderSource>()
        .AddSingleton<OrderOverview>()
        .AddSingleton<FeedSecrets>()
        .AddSingleton<OrderFeed>();

    private static IServiceCollection AddSubscribers(this IServiceCollection services) => services
        .AddSingleton<SubscriptionSettlement>()
        .AddSingleton<SubscriptionJob>()
        .AddSingleton<OpenSubscribers>()
        .AddSingleton<IPayloadDelivery, SubscriptionDelivery>()
        .AddSingleton<IPayloadSource, SubscriberSource>()
        .AddSingleton<OptOutReading>()
        .AddSingleton<ISyncRun, SubscribersRun>()
        .AddSingleton<SubscriberFeed>()
        .AddSingleton<SubscriberFiles>()
        .AddSingleton<ISyncRun, SubscriberImportRun>()
        .AddSingleton<ISyncRun, OptOutReportRun>()
        .AddSingleton<ISyncRun, KlaviyoExportRun>()
        .AddSingleton<SubscriberOverview>()
        .AddSingleton<SubscriberEditor>()
        .AddSingleton<IValidator<NewList>, NewListValidator>();

    private static IServiceCollection AddCatalog(this IServiceCollection services) => services
        .AddSingleton<KlaviyoCatalogClient>()
        .AddSingleton<CatalogServices>()
        .AddSingleton<ProductListing>()
        .AddSingleton<ProductImages>()
        .AddSingleton<CategoryLinkReading>()
        .AddSingleton<ISyncRun, CategoriesRun>()
        .AddSingleton<ISyncRun, ProductsRun>()
        .AddSingleton<ISyncRun, VariantsRun>()
        .AddSingleton<ISyncRun, CatalogRecordRun>()
        .AddSingleton<CatalogOverview>()
        .AddSingleton<CatalogSearch>()
        .AddSingleton<CatalogCommands>()
        .AddSingleton<VariantLinkFile>();

    private static IServiceCollection AddScheduling(this IServiceCollection services, IConfiguration configuration) => services
        .Configure<SyncOptions>(configuration.GetSection("Sync"))
        .AddSingleton<SyncSchedules>()
        .AddSingleton<RunQueue>()
        .AddSingleton<RunWakeup>()
        .AddSingleton<RunSlots>()
        .AddSingleton<RunEnding>()
        .AddSingleton<Interruptions>()
        .AddSingleton<LaneLeases>()
        .AddSingleton<RunDispatcher>()
        .AddSingleton<DueRuns>()
        .AddSingleton<SyncCommands>()
        .AddSingleton<SyncOverview>();
}
