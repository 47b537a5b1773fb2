using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Events;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;

namespace ZoeyKlaviyo.Sandbox.Inspection;

/// <summary>JSON for tests and people under <c>/sandbox</c>; no part of Klaviyo.</summary>
internal sealed class InspectionEndpoints(EventBook events, ListBook lists, RequestLog requests, FaultSwitch faults)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<FaultKind>() },
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/events", context => WriteAsync(context, FindEvents(context.Request.Query)));
        routes.MapGet("/sandbox/requests", context => WriteAsync(context, requests.Requests));
        routes.MapGet("/sandbox/accounts", context => WriteAsync(context, DemoAccounts.All));
        routes.MapGet("/sandbox/faults", context => WriteAsync(context, faults.Active));
        routes.MapPost("/sandbox/faults", AddFaultAsync);
        routes.MapDelete("/sandbox/faults", context => Do(context, faults.Clear));
        routes.MapPost("/sandbox/reset", context => Do(context, Reset));
    }

    /// <summary>Connections stay: a connected admin goes on.</summary>
    public void Reset()
    {
        events.Clear();
        lists.Reset();
        requests.Clear();
        faults.Clear();
    }

    private IEnumerable<ReceivedEvent> FindEvents(IQueryCollection query) => events.Events.Where(one =>
        (query["email"].ToString() is not { Length: > 0 } email || string.Equals(one.Email, email, StringComparison.OrdinalIgnoreCase))
        && (query["metric"].ToString() is not { Length: > 0 } metric || one.Metric == metric));

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
            await WriteAsync(context, new { error = exception.Message });
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
