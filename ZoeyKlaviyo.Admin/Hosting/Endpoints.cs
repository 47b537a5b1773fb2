using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Admin.Connection;
using ZoeyKlaviyo.Admin.Events;
using ZoeyKlaviyo.Admin.Feed;
using ZoeyKlaviyo.Admin.Scheduling;
using ZoeyKlaviyo.Admin.Shell;
using ZoeyKlaviyo.Admin.SignIn;
using ZoeyKlaviyo.Admin.Storefront;
using ZoeyKlaviyo.Admin.Stores;
using ZoeyKlaviyo.Admin.Subscribers;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Subscribers.Feed;

namespace ZoeyKlaviyo.Admin.Hosting;

/// <summary>
/// Every route of the process. Each asks for a signed-in person with a role unless it says <c>AllowAnonymous</c>; each that
/// changes something takes requests of our own pages only unless it says <see cref="CrossOriginEndpoints.AllowCrossOrigin"/>;
/// under <c>{store}</c>, <see cref="StoreRoute.Store"/> gives the store the person may open.
/// </summary>
internal static class Endpoints
{
    public static void MapAdminEndpoints(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        app.MapHealth();
        app.MapSignIn();
        app.MapHome();
        app.MapConnect();
        app.MapRuns();
        app.MapJsonLines();
        CollectEndpoint.Map(app);
        StorefrontEndpoint.Map(app);
        FeedEndpoint.Map(app, app.Services.GetRequiredService<OrderFeed>(), app.Services.GetRequiredService<SubscriberFeed>());
        app.MapSubscriberFiles();
    }
}
