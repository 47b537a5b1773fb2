using System.Collections.Concurrent;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using ZoeyKlaviyo.Admin.Connection;
using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Admin.Storefront;

/// <summary><c>GET /storefront/{publicKey}.js</c>: the tracking script with the store's settings in it.</summary>
internal sealed class StorefrontEndpoint(IntakeStores stores, TrackingScript script, PublicAddress address, LiveCheck liveCheck, TimeProvider time)
{
    private const string Path = "/storefront/{publicKey}.js";
    private const string RetrySoon = "2";

    private static readonly (string Type, string Metric)[] s_events =
    [
        ("active_on_site", Metrics.ActiveOnSite), ("viewed_product", Metrics.ViewedProduct),
        ("added_to_cart", Metrics.AddedToCart), ("started_checkout", Metrics.StartedCheckout),
    ];

    /// <summary>The stores as they were when the database answered last.</summary>
    private readonly ConcurrentDictionary<string, IntakeStore> _known = new();

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var endpoint = ActivatorUtilities.CreateInstance<StorefrontEndpoint>(endpoints.ServiceProvider, new TrackingScript());
        endpoints.MapMethods(Path, ["GET", "HEAD"], (RequestDelegate)endpoint.GetAsync).AllowAnonymous().AllowCrossOrigin();
    }

    private async Task GetAsync(HttpContext context)
    {
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var publicKey = (string)context.GetRouteValue("publicKey")!;
        IntakeStore? store;
        try
        {
            store = await stores.FindAsync(publicKey, context.RequestAborted);
        }
        catch (Exception exception) when (exception.IsDatabaseFailure())
        {
            if (!_known.TryGetValue(publicKey, out store))
            {
                context.Response.Headers.RetryAfter = RetrySoon;
                await CommentAsync(context, StatusCodes.Status503ServiceUnavailable, "/* The settings of this store could not be read. */");
                return;
            }
        }

        if (store is null)
        {
            _known.TryRemove(publicKey, out _);
            await CommentAsync(context, StatusCodes.Status404NotFound, "/* There is no store with this public key. */");
            return;
        }

        _known[publicKey] = store;
        liveCheck.ScriptLoaded(store.Id);
        await ScriptAsync(context, script.Render(SettingsOf(store, context.Request)));
    }

    private ScriptSettings SettingsOf(IntakeStore store, HttpRequest request)
    {
        var now = time.GetUtcNow();
        bool IsOn(Switch @switch) => store.Periods.WasOn(@switch, now);
        return new ScriptSettings(
            $"{address.Of(request)}/collect/{store.PublicKey}/events",
            store.AccountId is not null && store.Periods.IsConnected && IsOn(Switch.IsEnabled),
            string.Join(' ', s_events.Where(one => IsOn(Metrics.SwitchOf(one.Metric))).Select(one => one.Type)),
            IsOn(Switch.AdminTracking));
    }

    private static Task ScriptAsync(HttpContext context, IReadOnlyList<ScriptBody> bodies)
    {
        var request = context.Request.GetTypedHeaders();
        var headers = context.Response.Headers;
        var body = bodies.First(body => body.Encoding is null || request.AcceptEncoding.Any(one => one.Value == body.Encoding && one.Quality is null or > 0));
        headers.Vary = "Accept-Encoding";
        headers.ETag = body.ETag;
        // Asked for on every page: a script kept by the browser would go on losing the events of a switch that was just set to Yes.
        headers.CacheControl = "no-cache";
        if (IsKnown(request, body.ETag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        if (body.Encoding is not null)
            headers.ContentEncoding = body.Encoding;
        return WriteAsync(context, StatusCodes.Status200OK, body.Bytes);
    }

    private static bool IsKnown(RequestHeaders request, string etag) =>
        request.IfNoneMatch.Any(known => known.Tag == "*" || known.Compare(new EntityTagHeaderValue(etag), useStrongComparison: false));

    /// <summary>A shop that loads it logs no error of a script that is none.</summary>
    private static Task CommentAsync(HttpContext context, int status, string comment)
    {
        context.Response.Headers.CacheControl = "no-store";
        return WriteAsync(context, status, System.Text.Encoding.UTF8.GetBytes(comment));
    }

    private static Task WriteAsync(HttpContext context, int status, byte[] bytes)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = $"{MediaTypeNames.Text.JavaScript}; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
