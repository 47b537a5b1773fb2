using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Inspection;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>The catalog, its jobs and their faults as JSON for tests and people; no part of Klaviyo. <c>?account=</c> names another one than the first.</summary>
internal sealed class CatalogInspection(CatalogBook book)
{
    private static readonly JsonSerializerOptions s_faults = new(InspectionEndpoints.Json) { RespectRequiredConstructorParameters = false };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/catalog", context => WriteAsync(context, Catalog(Account(context))));
        routes.MapGet("/sandbox/catalog/jobs", context => WriteAsync(context, new { jobs = book.Jobs.Select(Job), calls = book.Calls }));
        routes.MapGet("/sandbox/catalog/faults", context => WriteAsync(context, book.Faults));
        routes.MapPut("/sandbox/catalog/faults", SetFaultsAsync);
        routes.MapDelete("/sandbox/catalog/faults", context =>
        {
            book.Faults = new();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
    }

    public void Reset() => book.Clear();

    /// <summary>Ids are the external ones. Written as they are read, however many there are.</summary>
    private object Catalog(string account) => new
    {
        categories = book.Categories(account).OrderBy(one => one.Id, StringComparer.Ordinal).Select(one => new { one.Id, one.Name }),
        items = book.Items(account).OrderBy(one => one.Id, StringComparer.Ordinal).Select(one => new
        {
            one.Id,
            one.Title,
            one.Description,
            one.Price,
            one.Url,
            image = one.ImageFullUrl,
            one.Published,
            categories = one.Categories.Order(StringComparer.Ordinal),
        }),
        variants = book.Variants(account).OrderBy(one => one.Id, StringComparer.Ordinal).Select(one => new
        {
            one.Id,
            one.Item,
            one.Sku,
            one.Title,
            one.Price,
            quantity = one.InventoryQuantity,
            policy = one.InventoryPolicy,
            one.Url,
            image = one.ImageFullUrl,
            one.Published,
        }),
    };

    private static object Job(CatalogJob job) => new
    {
        job.Id,
        job.Account,
        job.Kind,
        job.Operation,
        job.Rows,
        job.Status,
        job.Completed,
        job.Failed,
        job.CreatedAt,
        job.CompletedAt,
        job.Errors,
    };

    /// <summary>What the body does not name is off.</summary>
    private async Task SetFaultsAsync(HttpContext context)
    {
        try
        {
            var faults = await JsonSerializer.DeserializeAsync<CatalogFaults>(context.Request.Body, s_faults, context.RequestAborted);
            if (faults is not { Cancel: >= 0, Refuse: not "", Seconds: null or (>= 0 and <= 86_400) })
                throw new JsonException("The body is an object; cancel is 0 or more, seconds from 0 to 86400, refuse not empty.");
            await WriteAsync(context, book.Faults = faults);
        }
        catch (JsonException exception)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(context, new { error = exception.Message, faults = new CatalogFaults() });
        }
    }

    private static string Account(HttpContext context) =>
        context.Request.Query["account"].ToString() is { Length: > 0 } account ? account : DemoAccounts.AcmeTools.Id;

    private static Task WriteAsync<T>(HttpContext context, T value) =>
        context.Response.WriteAsJsonAsync(value, InspectionEndpoints.Json, context.RequestAborted);
}
