using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using ZoeyKlaviyo.Admin.Storefront;

namespace ZoeyKlaviyo.Tests.Storefront;

/// <summary>An event as it came in, with its request's visitor.</summary>
internal sealed record Sent(string Id, string Type, string Email, JsonElement Event, JsonElement Visitor)
{
    public string Properties => Event.GetProperty("properties").GetRawText();
}

/// <summary>
/// A shop whose pages a test writes, each with the tracking script in its head, and at another address what takes its events:
/// it answers as the test says, 202 otherwise, and keeps what it was sent.
/// </summary>
public sealed class TestShop : IAsyncLifetime
{
    public static readonly string[] AllEvents = ["active_on_site", "viewed_product", "added_to_cart", "started_checkout"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(12);
    private readonly TrackingScript _script = new();
    private readonly WebApplication _shop = Build();
    private readonly WebApplication _collect = Build();
    private readonly SemaphoreSlim _news = new(0);
    private ConcurrentDictionary<string, string> _pages = new();

    public Uri Address { get; private set; } = default!;

    public Uri CollectAddress { get; private set; } = default!;

    /// <summary>The next answers to requests for events, then 202.</summary>
    internal ConcurrentQueue<Func<HttpContext, Task>> Answers { get; } = new();

    /// <summary>Every request for events, answered whichever way.</summary>
    internal ConcurrentQueue<string> Bodies { get; } = new();

    internal ScriptSettings Settings { get; set; } = default!;

    /// <summary>What the server does when a form puts something in the cart.</summary>
    internal Action OnAdd { get; set; } = default!;

    internal string CartPath { get; set; } = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _shop.MapGet("/zk.js", () => Results.Bytes(_script.Render(Settings)[^1].Bytes, "text/javascript; charset=utf-8"));
        _shop.MapPost("/checkout/cart/add/{**rest}", () =>
        {
            OnAdd();
            return Results.Redirect(CartPath);
        });
        _shop.MapFallback(context => context.Response.WriteAsync(_pages.GetValueOrDefault(context.Request.Path, "")));
        _collect.MapFallback(CollectAsync);
        await _shop.StartAsync();
        await _collect.StartAsync();
        Address = AddressOf(_shop);
        CollectAddress = AddressOf(_collect);
        Reset();
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        await _collect.DisposeAsync();
        _news.Dispose();
    }

    internal void Reset()
    {
        Answers.Clear();
        Bodies.Clear();
        _pages = new();
        Settings = new ScriptSettings($"{CollectAddress}collect/test/events", true, string.Join(' ', AllEvents), AdminTracking: false);
        OnAdd = () => { };
        CartPath = "/cart";
    }

    /// <param name="tag">Instead of the script's own.</param>
    internal void Page(string path, string body, string bodyClass = "", string? tag = null) => _pages[path] =
        $"""<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,">{tag ?? "<script async src=\"/zk.js\"></script>"}</head><body class="{bodyClass}">{body}</body></html>""";

    /// <summary>A page with a JSON data layer.</summary>
    internal void Page(string path, object layer, string body = "") =>
        Page(path, $"""<script type="application/json" data-zk-page>{JsonSerializer.Serialize(layer)}</script>{body}""");

    /// <summary>What was sent, each request's events in their order, repeats included.</summary>
    internal List<Sent> Events() => Bodies.SelectMany(Read).ToList();

    internal async Task<List<Sent>> UntilAsync(Func<List<Sent>, bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(s_patience);
        try
        {
            while (!isSo(Events()))
                await _news.WaitAsync(limit.Token);
            return Events();
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not come to this; sent were:\n{string.Join('\n', Bodies)}");
            throw;
        }
    }

    internal Task<List<Sent>> UntilAsync(params string[] types) =>
        UntilAsync(events => types.All(type => events.Count(one => one.Type == type) >= types.Count(other => other == type)));

    /// <summary>Everything that was sent before now: an event of somebody else follows, and events go out in their order.</summary>
    internal async Task<List<Sent>> AllAsync(IPage page)
    {
        Page("/last", new { visitor = new { email = "last@shop.test" } });
        Settings = Settings with { Events = string.Join(' ', AllEvents) };
        await page.GotoAsync("/last");
        // What a page had sent without having its answer yet goes out again from the next page, under the same id: the server takes it once.
        return (await UntilAsync(events => events.Any(one => one.Email == "last@shop.test")))
            .Where(one => one.Email != "last@shop.test").DistinctBy(one => one.Id).ToList();
    }

    private static IEnumerable<Sent> Read(string body)
    {
        var root = JsonDocument.Parse(body).RootElement;
        var visitor = root.GetProperty("visitor");
        return root.GetProperty("events").EnumerateArray().Select(one => new Sent(
            one.GetProperty("id").GetString()!, one.GetProperty("type").GetString()!, visitor.GetProperty("email").GetString()!, one, visitor));
    }

    private async Task CollectAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Bodies.Enqueue(await reader.ReadToEndAsync(Cancel));
        Assert.StartsWith("text/plain", context.Request.ContentType, StringComparison.Ordinal);
        context.Response.Headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
        context.Response.Headers.AccessControlExposeHeaders = "Retry-After";
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        if (Answers.TryDequeue(out var answer))
            await answer(context);
        _news.Release();
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        return builder.Build();
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
