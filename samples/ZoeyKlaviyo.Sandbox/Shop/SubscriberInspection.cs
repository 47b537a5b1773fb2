using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Inspection;

namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>The rows of the shop's newsletter, for tests and people to read and set.</summary>
internal sealed class SubscriberInspection(SubscriberBook subscribers, CustomerBook customers)
{
    private static readonly JsonSerializerOptions s_row = new(InspectionEndpoints.Json) { RespectNullableAnnotations = true };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/subscribers", context => context.Response.WriteAsJsonAsync(subscribers.Subscribers, InspectionEndpoints.Json, context.RequestAborted));
        routes.MapPost("/sandbox/subscribers", SetAsync);
        routes.MapDelete("/sandbox/subscribers/{email}", context =>
        {
            var isGone = subscribers.Remove((string)context.Request.RouteValues["email"]!);
            context.Response.StatusCode = isGone ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        routes.MapGet("/sandbox/subscribers.csv", context =>
        {
            context.Response.ContentType = "text/csv; charset=utf-8";
            context.Response.Headers.ContentDisposition = "attachment; filename=subscribers.csv";
            return context.Response.WriteAsync(SubscriberCsv.Write(subscribers.Subscribers, customers.Customers), context.RequestAborted);
        });
    }

    /// <summary>One row or an array of them: email and status, and where it matters changeStatusAt, subscriberId, storeId and customerId.</summary>
    private async Task SetAsync(HttpContext context)
    {
        try
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var rows = body is JsonArray many ? many.Select(Read).ToList() : [Read(body)];
            subscribers.Set(rows);
            await context.Response.WriteAsJsonAsync(new { subscribers = rows.Count }, InspectionEndpoints.Json, context.RequestAborted);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = exception.Message }, InspectionEndpoints.Json, context.RequestAborted);
        }
    }

    private static ShopSubscriber Read(JsonNode? node)
    {
        var row = node as JsonObject ?? throw new JsonException("A subscriber is an object.");
        row.TryAdd("subscriberId", "");
        row.TryAdd("storeId", "1");
        row.TryAdd("customerId", null);
        row.TryAdd("changeStatusAt", null);
        var subscriber = row.Deserialize<ShopSubscriber>(s_row)!;
        return subscriber switch
        {
            { Status: < ShopSubscriber.Subscribed or > ShopSubscriber.Unconfirmed } => throw new JsonException("The status is 1 to 4."),
            { SubscriberId.Length: > 0 } when !long.TryParse(subscriber.SubscriberId, NumberStyles.None, CultureInfo.InvariantCulture, out _) =>
                throw new JsonException("The subscriberId is a number in quotes."),
            _ => subscriber,
        };
    }
}
