using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Customers;
using ZoeyKlaviyo.Sandbox.Zoey.Orders;

namespace ZoeyKlaviyo.Sandbox.Zoey.Feed;

/// <summary>The store's server telling the connector about an order or a subscriber, as it does when a merchant has set that up.</summary>
internal sealed class FeedPush(SandboxOptions options, OrderBook orders, IOrderJson json, SubscriberBook subscribers) : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly ConcurrentDictionary<string, SignedPush> _last = new(StringComparer.OrdinalIgnoreCase);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sandbox/feed/orders/{entityId}", context => SendAsync(context, Order((string)context.Request.RouteValues["entityId"]!)));
        routes.MapPost("/sandbox/feed/subscribers/{email}", context =>
            SendAsync(context, Subscriber((string)context.Request.RouteValues["email"]!, IsSet(context, "dateless"), IsSet(context, "repeat"))));
    }

    public void Dispose() => _http.Dispose();

    private SignedPush? Order(string entityId) =>
        orders.Find(entityId) is { } order ? SignedPush.New("orders", json.Write(order), options.TimeProvider.GetUtcNow()) : null;

    /// <param name="isDateless">Without <c>change_status_at</c>, whatever the row has.</param>
    /// <param name="isRepeat">What was pushed last for the address, to the letter and with the signature of then.</param>
    private SignedPush? Subscriber(string email, bool isDateless, bool isRepeat)
    {
        if (isRepeat)
            return _last.GetValueOrDefault(email);
        if (subscribers.Find(email) is not { } subscriber)
            return null;
        var row = SubscriberResource.Write(subscriber);
        string[] members = isDateless ? ["subscriber_email", "subscriber_status"] : ["subscriber_email", "subscriber_status", "change_status_at"];
        var body = new JsonObject(members.Select(name => KeyValuePair.Create(name, row[name]?.DeepClone())));
        return _last[email] = SignedPush.New("subscribers", body.ToJsonString(), options.TimeProvider.GetUtcNow());
    }

    /// <summary>Answers what the connector answered.</summary>
    private async Task SendAsync(HttpContext context, SignedPush? push)
    {
        if (push is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        using var request = push.Request(options.AdminUrl);
        using var response = await _http.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static bool IsSet(HttpContext context, string name) => context.Request.Query[name] == "true";
}
