using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Inspection;
using ZoeyKlaviyo.Sandbox.Zoey.Catalog;
using ZoeyKlaviyo.Sandbox.Zoey.Faults;

namespace ZoeyKlaviyo.Sandbox.Zoey.Inspection;

/// <summary>JSON for tests and people under <c>/sandbox/store</c>; no part of Zoey.</summary>
internal sealed class StoreEndpoints(StoreState store, StoreCatalog catalog)
{
    private static readonly JsonSerializerOptions s_json = new(InspectionEndpoints.Json) { RespectRequiredConstructorParameters = false };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/store", context => WriteAsync(context, store.Quirks));
        routes.MapPut("/sandbox/store", context => ReadAsync(context, ChangeQuirks));
        routes.MapGet("/sandbox/store/requests", context => WriteAsync(context, store.Requests.Requests));
        routes.MapGet("/sandbox/store/requests/counts", context => WriteAsync(context, store.Requests.Counts));
        routes.MapGet("/sandbox/store/faults", context => WriteAsync(context, store.Faults.Active));
        routes.MapPost("/sandbox/store/faults", context => ReadAsync(context, AddFault));
        routes.MapDelete("/sandbox/store/faults", context => Do(context, store.Faults.Clear));
        routes.MapGet("/sandbox/store/catalog", context => WriteAsync(context, store.Catalog));
        routes.MapPut("/sandbox/store/catalog", context => ReadAsync(context, Generate));
        routes.MapGet("/sandbox/store/products.csv", ExportAsync);
        MapChanges(routes, "products", store.Products);
        MapChanges(routes, "categories", store.Categories);
    }

    private static void MapChanges(IEndpointRouteBuilder routes, string what, CatalogChanges changes)
    {
        var path = "/sandbox/store/" + what;
        routes.MapGet(path, context => WriteAsync(context, changes.All));
        routes.MapPut(path + "/{id:long}", context => ReadAsync(context, body => Change(changes, Id(context), body)));
        routes.MapDelete(path, context => Do(context, changes.Clear));
        routes.MapDelete(path + "/{id:long}", context => Do(context, () => changes.Delete(Id(context))));
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

    private (int Status, object Answer) Generate(JsonObject body)
    {
        var size = body.Deserialize<CatalogSize>(s_json)!;
        store.Catalog = size.IsPossible ? size : throw new JsonException("A catalog has 0 to 1,000,000 products with their variants, and 0 to 10,000 categories.");
        return (StatusCodes.Status200OK, size);
    }

    private async Task ExportAsync(HttpContext context)
    {
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=products.csv";
        foreach (var lines in ProductCsv.Write(catalog.Now).Chunk(500))
            await context.Response.WriteAsync(string.Concat(lines), context.RequestAborted);
    }

    private static (int Status, object Answer) Change(CatalogChanges changes, string id, JsonObject body)
    {
        changes.Change(id, body);
        return (StatusCodes.Status200OK, changes.All);
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
                catalog = new CatalogSize(),
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
