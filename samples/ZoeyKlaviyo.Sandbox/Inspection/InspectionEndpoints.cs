using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;
using ZoeyKlaviyo.Sandbox.Klaviyo.Events;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey;

namespace ZoeyKlaviyo.Sandbox.Inspection;

/// <summary>JSON for tests and people under <c>/sandbox</c>; no part of Klaviyo.</summary>
internal sealed class InspectionEndpoints(
    EventBook events,
    ListBook lists,
    RequestLog requests,
    FaultSwitch faults,
    ProfileInspection profiles,
    CatalogInspection catalog,
    ShopInspection shop,
    StoreState store)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/events", context => WriteAsync(context, FindEvents(context.Request.Query)));
        routes.MapGet("/sandbox/counts", context => WriteAsync(context, Counts()));
        routes.MapGet("/sandbox/requests", context => WriteAsync(context, requests.Requests));
        routes.MapGet("/sandbox/accounts", context => WriteAsync(context, DemoAccounts.All));
        routes.MapGet("/sandbox/faults", context => WriteAsync(context, faults.Active));
        routes.MapPost("/sandbox/faults", AddFaultAsync);
        routes.MapDelete("/sandbox/faults", context => Do(context, faults.Clear));
        routes.MapDelete("/sandbox/faults/{id:int}", RemoveFault);
        routes.MapPost("/sandbox/reset", context => Do(context, Reset));
        routes.MapGet("/sandbox/lists", context => WriteAsync(context, lists.All));
        routes.MapDelete("/sandbox/lists/{id}", context =>
        {
            context.Response.StatusCode = lists.Delete((string)context.Request.RouteValues["id"]!) ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        profiles.Map(routes);
        catalog.Map(routes);
        shop.Map(routes);
    }

    /// <summary>Connections stay: a connected admin goes on.</summary>
    public void Reset()
    {
        events.Clear();
        profiles.Reset();
        catalog.Reset();
        lists.Reset();
        requests.Clear();
        faults.Clear();
        store.Reset();
        shop.Reset();
    }

    /// <summary>Written as they are read, however many there are.</summary>
    private IEnumerable<ReceivedEvent> FindEvents(IQueryCollection query)
    {
        var (email, metric) = (query["email"].ToString(), query["metric"].ToString());
        return events.Events.Where(one =>
            (email.Length == 0 || string.Equals(one.Email, email, StringComparison.OrdinalIgnoreCase)) && (metric.Length == 0 || one.Metric == metric));
    }

    private object Counts()
    {
        var counts = events.Counts;
        return new { events = counts.Events, distinct = counts.Distinct, repeats = counts.Repeats, requests = requests.Totals };
    }

    private Task RemoveFault(HttpContext context)
    {
        var id = int.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        context.Response.StatusCode = faults.Remove(id) ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async Task AddFaultAsync(HttpContext context)
    {
        try
        {
            var fault = await JsonSerializer.DeserializeAsync<Fault>(context.Request.Body, Json, context.RequestAborted);
            faults.Add(fault ?? throw new JsonException("A fault is an object."));
            context.Response.StatusCode = StatusCodes.Status201Created;
            await WriteAsync(context, faults.Active);
        }
        catch (JsonException exception)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(context, new
            {
                error = exception.Message,
                members = FaultWords.Members,
                kinds = FaultWords.Kinds.ToDictionary(kind => kind.Name, kind => kind.Meaning),
            });
        }
    }

    private static Task Do(HttpContext context, Action action)
    {
        action();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task WriteAsync<T>(HttpContext context, T value) =>
        context.Response.WriteAsJsonAsync(value, Json, context.RequestAborted);
}
