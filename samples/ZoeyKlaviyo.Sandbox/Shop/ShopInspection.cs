using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Inspection;

namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>The shop's orders as JSON for tests and people; no part of a store.</summary>
internal sealed class ShopInspection(OrderBook orders, SubscriberBook subscribers, SubscriberInspection newsletter, ShopSessions sessions, CurrencySwitch currency)
{
    private static readonly JsonSerializerOptions s_order = new(InspectionEndpoints.Json) { RespectNullableAnnotations = true };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/orders", context => WriteAsync(context, orders.Orders));
        routes.MapPost("/sandbox/orders", PlaceAsync);
        routes.MapPost("/sandbox/orders/{entityId}/status", SetStatusAsync);
        newsletter.Map(routes);
    }

    public void Reset()
    {
        orders.Reset();
        subscribers.Reset();
        currency.Current = ShopCurrency.Default;
    }

    private Task PlaceAsync(HttpContext context) => TryAsync(context, async body =>
    {
        foreach (var (member, value) in Defaults(body))
        {
            if (!body.ContainsKey(member))
                body[member] = value;
        }
        var order = body.Deserialize<ShopOrder>(s_order)!;
        if (order.Lines.Any(line => line is null))
            throw new JsonException("A line is an object.");
        context.Response.StatusCode = StatusCodes.Status201Created;
        await WriteAsync(context, orders.Place(order));
    });

    private Task SetStatusAsync(HttpContext context) => TryAsync(context, async body =>
    {
        if (orders.Find((string)context.Request.RouteValues["entityId"]!) is not { } order)
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (body["status"] is JsonValue value && value.TryGetValue<string>(out var status) && status.Length > 0)
            await WriteAsync(context, orders.SetStatus(order.EntityId, status));
        else
            throw new JsonException("The body is {\"status\":\"processing\"}.");
    });

    /// <summary>What an order has that a test does not care for.</summary>
    private Dictionary<string, JsonNode?> Defaults(JsonObject body) => new()
    {
        ["entityId"] = "",
        ["number"] = "",
        ["quoteId"] = sessions.NewCart().Id,
        ["status"] = "processing",
        ["customerId"] = null,
        ["email"] = null,
        ["createdUtc"] = default(DateTimeOffset),
        ["updatedUtc"] = body["createdUtc"]?.DeepClone() ?? default(DateTimeOffset),
        ["currency"] = ShopCurrency.Default.Code,
        ["discount"] = 0,
        ["couponCode"] = null,
        ["shipping"] = 0,
        ["tax"] = 0,
        ["teamMember"] = null,
        ["billingAddress"] = null,
        ["shippingAddress"] = null,
        ["lines"] = new JsonArray(),
    };

    private static async Task TryAsync(HttpContext context, Func<JsonObject, Task> act)
    {
        try
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            await act(body as JsonObject ?? throw new JsonException("The body is an object."));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(context, new { error = exception.Message });
        }
    }

    private static Task WriteAsync<T>(HttpContext context, T value) =>
        context.Response.WriteAsJsonAsync(value, InspectionEndpoints.Json, context.RequestAborted);
}
