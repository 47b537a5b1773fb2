using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Inspection;
using ZoeyKlaviyo.Sandbox.Zoey.Faults;

namespace ZoeyKlaviyo.Sandbox.Zoey.Inspection;

/// <summary>JSON for tests and people under <c>/sandbox/store</c>; no part of Zoey.</summary>
internal sealed class StoreEndpoints(StoreState store)
{
    private static readonly JsonSerializerOptions s_json = new(InspectionEndpoints.Json) { RespectRequiredConstructorParameters = false };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/store", context => WriteAsync(context, store.Quirks));
        routes.MapPut("/sandbox/store", context => ReadAsync(context, ChangeQuirks));
        routes.MapGet("/sandbox/store/requests", context => WriteAsync(context, store.Requests.Requests));
        routes.MapGet("/sandbox/store/faults", context => WriteAsync(context, store.Faults.Active));
        routes.MapPost("/sandbox/store/faults", context => ReadAsync(context, AddFault));
        routes.MapDelete("/sandbox/store/faults", context => Do(context, store.Faults.Clear));
        routes.MapGet("/sandbox/store/products", context => WriteAsync(context, store.Products.All));
        routes.MapPut("/sandbox/store/products/{id:long}", context => ReadAsync(context, body => ChangeProduct(context, body)));
        routes.MapDelete("/sandbox/store/products", context => Do(context, store.Products.Clear));
        routes.MapDelete("/sandbox/store/products/{id:long}", context => Do(context, () => store.Products.Delete(Id(context))));
    }

    /// <summary>What the body does not name stays as it is.</summary>
    private (int Status, object Answer) ChangeQuirks(JsonObject body)
    {
        var all = JsonSerializer.SerializeToNode(store.Quirks, InspectionEndpoints.Json)!.AsObject();
        foreach (var (name, value) in body)
            all[name] = value?.DeepClone();
        store.Quirks = all.Deserialize<StoreQuirks>(s_json)!;
        return (StatusCodes.Status200OK, store.Quirks);
    }

    private (int Status, object Answer) AddFault(JsonObject body)
    {
        store.Faults.Add(body.ContainsKey("kind") ? body.Deserialize<StoreFault>(s_json)! : throw new JsonException("A fault has a kind."));
        return (StatusCodes.Status201Created, store.Faults.Active);
    }

    private (int Status, object Answer) ChangeProduct(HttpContext context, JsonObject body)
    {
        store.Products.Change(Id(context), body);
        return (StatusCodes.Status200OK, store.Products.All);
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static async Task ReadAsync(HttpContext context, Func<JsonObject, (int Status, object Answer)> accept)
    {
        try
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
            var (status, answer) = accept(body ?? throw new JsonException("The body is an object."));
            context.Response.StatusCode = status;
            await WriteAsync(context, answer);
        }
        catch (JsonException exception)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(context, new
            {
                error = exception.Message,
                quirks = new StoreQuirks(),
                fault = "kind, path, times, status, retryAfter, skip",
                kinds = "status, html403, html503, throttle, garbage, slow, reset, no-content, non-json, empty, redirect, nonce",
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
        context.Response.WriteAsJsonAsync(value, InspectionEndpoints.Json, context.RequestAborted);
}
