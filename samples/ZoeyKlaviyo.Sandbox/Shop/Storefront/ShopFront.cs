using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

/// <summary>Answers a shopper's request: opens the session, reads the form, writes the page around what a feature's page says.</summary>
internal sealed class ShopFront(ShopSessions sessions, CurrencySwitch currency, ShopLayout layout, SandboxOptions options)
{
    private readonly string _adminOrigin = new Uri(options.AdminUrl).GetLeftPart(UriPartial.Authority);

    public void MapGet(IEndpointRouteBuilder routes, string path, Func<Visit, ShopAnswer> act) =>
        routes.MapGet(path, context => HandleAsync(context, FormCollection.Empty, act));

    public void MapPost(IEndpointRouteBuilder routes, string path, Func<Visit, ShopAnswer> act) => routes.MapPost(path, async context =>
    {
        try
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
            await HandleAsync(context, form, act);
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            await HandleAsync(context, FormCollection.Empty, TooMuch);
        }
    });

    private static ShopAnswer TooMuch(Visit visit)
    {
        visit.Session.Complain("That was more than this shop can read. Nothing was changed.");
        return visit.Back();
    }

    private Task HandleAsync(HttpContext context, IFormCollection form, Func<Visit, ShopAnswer> act)
    {
        var session = sessions.Open(context);
        ShopAnswer answer;
        string html;
        lock (session)
        {
            if (context.Request.Query["layer"].ToString() is { Length: > 0 } layer)
                session.UsesJsonLayer = layer == "json";
            var visit = new Visit(context.Request, form, session, currency.Current);
            answer = act(visit);
            html = answer.Page is { } page ? layout.Render(visit, page) : "";
        }
        return answer.Location is { } location ? context.GoTo(location) : context.WritePageAsync(html, answer.Status, _adminOrigin);
    }
}
