using System.Globalization;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Inspection;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;
using ZoeyKlaviyo.Sandbox.Klaviyo.Events;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

namespace ZoeyKlaviyo.Sandbox.Pages;

internal sealed class PageEndpoints(
    SandboxOptions options, EventBook events, ProfileBook profiles, ListBook lists, CatalogBook catalog, FaultSwitch faults, RequestLog requests)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", context => context.WritePageAsync(IndexPage.Render(options, events.Counts.Events)));
        routes.MapGet("/klaviyo", context => context.WritePageAsync(ArrivedPage.Render(events.Events, faults.Active, Throttled)));
        routes.MapGet("/klaviyo/news", context => context.Response.WriteAsJsonAsync(News(context.Request.Query["after"]), context.RequestAborted));
        routes.MapGet(SubscriptionsPage.Path, context => context.WritePageAsync(SubscriptionsPage.Render(profiles.Log, lists)));
        routes.MapGet(CatalogPage.Path, context => context.WritePageAsync(
            CatalogPage.Render(CatalogView.Read(catalog, context.Request.Query), catalog.Jobs, catalog.Faults, context.Request.Host.Value ?? "")));
        routes.MapPost(CatalogPage.ClearFaultsPath, context =>
        {
            catalog.Faults = new();
            return context.GoTo(CatalogPage.Path);
        });
        routes.MapGet(ProfilePage.Path + "{**email}", context =>
            context.WritePageAsync(ProfilePage.Render(Email(context), events.Events, ConsentCard.Render(Email(context), profiles, lists))));
        routes.MapPost(ConsentCard.UnsubscribePath, context => DecideAsync(context, (account, email) => profiles.Unsubscribe(account, email)));
        routes.MapPost(ConsentCard.ConfirmPath, context => DecideAsync(context, (account, email) => profiles.Confirm(account, email)));
        routes.MapGet("/assets/{name}", WriteAssetAsync);
    }

    private long Throttled => requests.CountOf(StatusCodes.Status429TooManyRequests);

    private object News(string? after)
    {
        var last = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
        return ArrivedPage.News(events.Events, events.After(last), faults.Active, Throttled);
    }

    /// <summary>As by a link in a mail.</summary>
    private static async Task DecideAsync(HttpContext context, Action<string, string> decide)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        var email = form["email"].ToString();
        if (DemoAccounts.Find(form["account"]) is { } account && email.Length > 0)
            decide(account.Id, email);
        await context.GoTo(ProfilePage.Path + Uri.EscapeDataString(email));
    }

    /// <summary>The one character that stays encoded in a path is the slash.</summary>
    private static string Email(HttpContext context) => ((string?)context.Request.RouteValues["email"] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static async Task WriteAssetAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        await using var stream = typeof(PageEndpoints).Assembly.GetManifestResourceStream("assets/" + name);
        if (stream is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-cache";
        await stream.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
