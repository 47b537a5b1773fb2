using System.Text.Json;
using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Bench.Intake;

/// <summary>What intake is measured against: reads the same full record with a source-generated parser and answers 202.</summary>
internal static class BareEndpoint
{
    public const string Path = "/bare";

    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // As the application's, whose answers to the other process go through standard output.
        builder.Configuration["Logging:Console:LogToStandardErrorThreshold"] = "Trace";
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();
        app.MapMethods(Path, ["POST"], (RequestDelegate)ParseAsync);
        await app.StartAsync();
        return app;
    }

    private static async Task ParseAsync(HttpContext context)
    {
        var body = await JsonSerializer.DeserializeAsync(context.Request.BodyReader, BareJson.Default.BareBody, context.RequestAborted);
        context.Response.StatusCode = body?.Events.Count > 0 ? StatusCodes.Status202Accepted : StatusCodes.Status400BadRequest;
    }
}

internal sealed record BareBody(DateTimeOffset SentAt, BareVisitor Visitor, IReadOnlyList<BareEvent> Events);

internal sealed record BareVisitor(string? Email, string? SessionId, bool ActingAdmin, bool TrackingBlocked);

internal sealed record BareEvent(
    string Id, string Type, DateTimeOffset OccurredAt, decimal? Value, string? Currency, string? CheckoutId, bool InCart, JsonElement Properties);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BareBody))]
internal sealed partial class BareJson : JsonSerializerContext;
