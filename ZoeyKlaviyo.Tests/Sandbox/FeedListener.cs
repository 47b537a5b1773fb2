using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>Stands where the admin would be and keeps what a store's server pushes.</summary>
internal sealed class FeedListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FeedListener()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapPost("/feed/{key}/{what}", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            Pushes.Add(new(context.Request.Path, context.Request.ContentType, context.Request.Headers["Zoey-Signature"].ToString(), body));
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.WriteAsync("taken", context.RequestAborted);
        });
    }

    public List<Push> Pushes { get; } = [];

    public string Url => _app.Urls.First();

    public static async Task<FeedListener> StartAsync()
    {
        var listener = new FeedListener();
        await listener._app.StartAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed record Push(string Path, string? MediaType, string Signature, string Body);
}
