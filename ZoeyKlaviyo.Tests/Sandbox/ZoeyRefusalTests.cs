using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ZoeyRefusalTests
{
    private const string NoRoute = "Request does not match any route.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, HttpStatusCode.InternalServerError, "Service temporary unavailable")]
    [InlineData("application/pdf", HttpStatusCode.NotAcceptable, "Server can not understand Accept HTTP header media type.")]
    public async Task Accept_MissingOrUnknown_IsRefusedInText(string? accept, HttpStatusCode status, string text)
    {
        await using var session = await ZoeySession.StartAsync();
        var answer = await session.GetWithAsync(null, "products", accept);
        Assert.Equal((status, text), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("text/html, application/json;q=0.9")]
    public async Task Accept_ThatTakesJson_IsServed(string accept)
    {
        await using var session = await ZoeySession.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await session.GetWithAsync(null, "products", accept)).Status);
    }

    [Theory]
    [InlineData("products/999", "Resource not found.")]
    [InlineData("orders/999", "Resource not found.")]
    [InlineData("customers/999", "Resource not found.")]
    [InlineData("categories/999", "Resource not found.")]
    [InlineData("stockitems/999", "Resource not found.")]
    [InlineData("webhooks", NoRoute)]
    [InlineData("products/101/reviews", NoRoute)]
    [InlineData("newsletter/subscribers", NoRoute)]
    public async Task Unknown_EntityOrRoute_HasItsOwnWords(string path, string message)
    {
        await using var session = await ZoeySession.StartAsync();
        (await session.GetAsync(path)).IsRefused(HttpStatusCode.NotFound, message);
    }

    [Fact]
    public async Task Method_OtherThanGet_IsRefused()
    {
        await using var session = await ZoeySession.StartAsync();
        (await session.SendAsync(HttpMethod.Delete, "products/101")).IsRefused(HttpStatusCode.MethodNotAllowed, "Resource does not support method.");
        (await session.SendAsync(HttpMethod.Post, "webhooks")).IsRefused(HttpStatusCode.NotFound, NoRoute);
    }

    [Fact]
    public async Task Store_Unknown_IsRefused()
    {
        await using var session = await ZoeySession.StartAsync();
        (await session.GetAsync("products?store=elsewhere")).IsRefused(HttpStatusCode.BadRequest, "Requested store is invalid");
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("products?store=0")).Status);
    }

    [Fact]
    public async Task Quirks_ForbiddenAndMissing_AreToldApart()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { forbidden = new[] { "categories" }, missing = new[] { "stockitems" } });
        (await session.GetAsync("categories")).IsRefused(HttpStatusCode.Forbidden, "Access denied");
        (await session.GetAsync("categories/4")).IsRefused(HttpStatusCode.Forbidden, "Access denied");
        (await session.GetAsync("stockitems")).IsRefused(HttpStatusCode.NotFound, NoRoute);
        await session.SetAsync(new { forbidden = Array.Empty<string>() });
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("categories")).Status);
        (await session.GetAsync("stockitems")).IsRefused(HttpStatusCode.NotFound, NoRoute);
    }

    [Fact]
    public async Task Quirk_Redirect_SendsOnToHttps()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { redirect = true });
        var answer = await session.GetAsync("orders?page=2");
        Assert.Equal(HttpStatusCode.MovedPermanently, answer.Status);
        Assert.Equal($"https://{session.Server.BaseAddress.Authority}/api/rest/orders?page=2", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Quirk_MinimumInterval_ThrottlesWhoIsTooFast()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { minimumIntervalMs = 250 });
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("healthcheck")).Status);
        session.Clock.Advance(TimeSpan.FromMilliseconds(249));
        var answer = await session.GetAsync("healthcheck");
        answer.IsRefused(HttpStatusCode.TooManyRequests, "Too many requests.");
        Assert.Equal(TimeSpan.FromSeconds(1), answer.RetryAfter);
        session.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("true", (await session.GetAsync("healthcheck")).Text);
    }

    [Fact]
    public async Task Subscribers_SwitchedOn_AreAResource()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { subscribers = true });
        Assert.IsType<JsonArray>((await session.GetAsync("newsletter/subscribers")).Json);
        (await session.GetAsync("newsletter/templates")).IsRefused(HttpStatusCode.NotFound, NoRoute);
    }

    [Fact]
    public async Task StoreConfig_Always_NamesCurrencyAndTimeZone()
    {
        await using var session = await ZoeySession.StartAsync();
        var config = (await session.GetAsync("store/config")).Json;
        Assert.Equal(("USD", "America/New_York"), (config["base_currency"]!.ToString(), config["timezone"]!.ToString()));
    }

    [Theory]
    [InlineData("""{"orderShape":"C"}""")]
    [InlineData("""{"colour":"red"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Quirks_NotUnderstood_AreAnsweredWithWhatThereIs(string body)
    {
        await using var session = await ZoeySession.StartAsync();
        using var answer = await session.Http.PutAsync("/sandbox/store", new StringContent(body), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("embedded", (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!["quirks"]!["orderLines"]!.ToString());
    }
}
