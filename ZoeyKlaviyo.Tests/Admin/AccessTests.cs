using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Admin;

/// <summary>Who gets what, asked of every endpoint the application has, so that a new one is covered the day it is added.</summary>
public sealed class AccessTests(AppFactory app) : IClassFixture<AppFactory>
{
    /// <summary>What anyone may open. An addition to this list is a decision.</summary>
    private static readonly string[] s_public =
    [
        "/signin", "/signin/{persona}", "/signout", "/signed-out", "/status/403", "/status/500", "/healthz/live", "/healthz/ready",
        "/storefront/{publicKey}.js", "/collect/{publicKey}/events", "/feed/{publicKey}/orders", "/feed/{publicKey}/subscribers",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void PublicEndpoints_AreThoseOnTheList()
    {
        var found = Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(Path).Except(s_public);

        Assert.Empty(found);
    }

    [Fact]
    public void EndpointsOpenToOtherOrigins_KnowNoSignedInPerson()
    {
        var found = Endpoints()
            .Where(endpoint => endpoint.Metadata.GetMetadata<CrossOriginAllowed>() is not null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(Path);

        Assert.Empty(found);
    }

    [Fact]
    public async Task EveryOtherEndpoint_Anonymous_LeadsToSignInOrIsRefused()
    {
        using var client = app.CreateDirectClient();
        var open = new List<string>();
        foreach (var (method, path) in Protected())
        {
            using var response = await SendAsync(client, method, path);
            var toSignIn = response.StatusCode == HttpStatusCode.Redirect && response.Headers.Location!.AbsolutePath == "/signin";
            if (!toSignIn && response.StatusCode != HttpStatusCode.Unauthorized)
                open.Add($"{method} {path}: {response.StatusCode}");
        }

        Assert.Empty(open);
    }

    [Fact]
    public async Task EveryOtherEndpoint_PersonWithoutRole_IsForbidden()
    {
        using var client = app.CreateDirectClient(People.NoRole);
        var open = new List<string>();
        foreach (var (method, path) in Protected())
        {
            using var response = await SendAsync(client, method, path);
            if (response.StatusCode != HttpStatusCode.Forbidden)
                open.Add($"{method} {path}: {response.StatusCode}");
        }

        Assert.Empty(open);
    }

    [Fact]
    public async Task EveryStoreEndpoint_StoreOfSomeoneElse_IsNotFound()
    {
        using var client = app.CreateDirectClient(People.AcmeAdmin);
        var open = new List<string>();
        foreach (var (method, path) in Protected("beta").Where(call => call.Path.StartsWith("/stores/beta", StringComparison.Ordinal)))
        {
            using var response = await SendAsync(client, method, path);
            if (response.StatusCode != HttpStatusCode.NotFound)
                open.Add($"{method} {path}: {response.StatusCode}");
        }

        Assert.Empty(open);
    }

    [Fact]
    public async Task EveryChangingEndpoint_FromAnotherSite_IsRefused()
    {
        using var client = app.CreateDirectClient(People.Support);
        var open = new List<string>();
        var changing = Calls(Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<CrossOriginAllowed>() is null)).Where(call => call.Method is not ("GET" or "HEAD"));
        foreach (var (method, path) in changing)
        {
            using var response = await SendAsync(client, method, path, ("Origin", "https://evil.test"), ("Sec-Fetch-Site", "cross-site"));
            if (response.StatusCode != HttpStatusCode.Forbidden)
                open.Add($"{method} {path}: {response.StatusCode}");
        }

        Assert.Empty(open);
    }

    [Theory]
    [InlineData("acme", HttpStatusCode.OK)]
    [InlineData("beta", HttpStatusCode.NotFound)]
    [InlineData("no-such-store", HttpStatusCode.NotFound)]
    public async Task Integrations_AdminOfAcme_OpensOnlyAcme(string store, HttpStatusCode expected)
    {
        using var client = app.CreateDirectClient(People.AcmeAdmin);

        using var response = await client.GetAsync($"/stores/{store}/integrations", Cancellation);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("beta")]
    public async Task Integrations_Support_OpensEveryStore(string store)
    {
        using var client = app.CreateDirectClient(People.Support);

        using var response = await client.GetAsync($"/stores/{store}/integrations", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await client.SendAsync(request, Cancellation);
    }

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private static IEnumerable<(string Method, string Path)> Calls(IEnumerable<RouteEndpoint> endpoints, string store = "acme") =>
        from endpoint in endpoints
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET"]
        select (method, "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => Fill(part, store))))));

    private static string Fill(RoutePatternPart part, string store) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart { Name: var name } => name.Equals("store", StringComparison.OrdinalIgnoreCase) ? store : "1",
        _ => throw new InvalidOperationException("A route pattern has a part of an unknown kind."),
    };

    private IEnumerable<(string Method, string Path)> Protected(string store = "acme") =>
        Calls(Endpoints().Where(endpoint => !s_public.Contains(Path(endpoint))), store);

    /// <summary>All endpoints but the files of wwwroot, which are public.</summary>
    private List<RouteEndpoint> Endpoints() =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.All(item => item.GetType().Name != "StaticAssetDescriptor"))
            .ToList();
}
