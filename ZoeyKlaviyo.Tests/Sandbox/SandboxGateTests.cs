using System.Net;
using System.Text.Json.Nodes;
using static ZoeyKlaviyo.Tests.Sandbox.KlaviyoBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class SandboxGateTests
{
    [Fact]
    public async Task Api_WithoutToken_IsNotAuthenticated()
    {
        await using var session = await SandboxSession.StartAsync();
        var answer = await session.GetAsync("/api/accounts");
        Assert.Equal((HttpStatusCode.Unauthorized, "not_authenticated"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Api_MissingScope_IsPermissionDenied()
    {
        await using var session = await SandboxSession.ConnectAsync("events:read");
        var answer = await session.PostAsync("/api/events", Event());
        Assert.Equal((HttpStatusCode.Forbidden, "permission_denied"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Api_WithoutRevision_IsInvalid()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var answer = await session.SendAsync(new(HttpMethod.Get, "/api/accounts"), withRevision: false);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/vnd.api+json; charset=utf-8")]
    public async Task Api_OtherMediaType_IsUnsupported(string mediaType)
    {
        await using var session = await SandboxSession.ConnectAsync();
        using var content = new StringContent(Event().ToJsonString());
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(mediaType);
        var answer = await session.SendAsync(new(HttpMethod.Post, "/api/events") { Content = content });
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
    }

    [Theory]
    [InlineData("GET", "/api/orders", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "/api/events", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("GET", "/api/lists/NoSuch", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/api/accounts/XYZ789", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/api/lists?page%5Bsize%5D=11", HttpStatusCode.BadRequest, "invalid")]
    [InlineData("GET", "/api/lists?limit=5", HttpStatusCode.BadRequest, "invalid")]
    public async Task Api_WhatIsNotThere_IsRefusedInKlaviyosForm(string method, string path, HttpStatusCode status, string code)
    {
        await using var session = await SandboxSession.ConnectAsync();
        var answer = await session.SendAsync(new(new HttpMethod(method), path));
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Lists_MoreThanTen_ComeByPages()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var first = await session.GetAsync("/api/lists");
        var second = await session.GetAsync(new Uri(first.Json["links"]!["next"]!.GetValue<string>()).PathAndQuery);
        Assert.Equal((10, 2), (first.Json["data"]!.AsArray().Count, second.Json["data"]!.AsArray().Count));
        Assert.Null(second.Json["links"]!["next"]);
    }

    [Fact]
    public async Task List_Created_CanBeFoundByName()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var body = new JsonObject
        {
            ["data"] = new JsonObject { ["type"] = "list", ["attributes"] = new JsonObject { ["name"] = "Zoey newsletter", ["opt_in_process"] = "single_opt_in" } },
        };
        var created = await session.PostAsync("/api/lists", body);
        var found = await session.GetAsync("/api/lists?filter=" + Uri.EscapeDataString("equals(name,\"Zoey newsletter\")"));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(created.Json["data"]!["id"]!.GetValue<string>(), Assert.Single(found.Json["data"]!.AsArray())!["id"]!.GetValue<string>());
        Assert.Equal("single_opt_in", found.Json["data"]![0]!["attributes"]!["opt_in_process"]!.GetValue<string>());
    }

    [Fact]
    public async Task List_UnknownOptIn_IsRefused()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var body = JsonNode.Parse("""{"data":{"type":"list","attributes":{"name":"x","opt_in_process":"triple"}}}""")!;
        Assert.Equal(["/data/attributes/opt_in_process"], (await session.PostAsync("/api/lists", body)).Pointers);
    }
}
