using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using static ZoeyKlaviyo.Tests.Sandbox.CatalogBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>The calls of a session that are about the catalog.</summary>
internal static class CatalogSession
{
    public const string Account = "ABC123";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Two categories, an item in the first one, and its two variants.</summary>
    public static async Task<SandboxSession> WithMugAsync()
    {
        var session = await SandboxSession.ConnectAsync();
        await session.DoAsync("category", "create", Category("c1", "Kitchen > Mugs"), Category("c2", "Sale"));
        await session.DoAsync("item", "create", Item("7", "Red mug", "c1"));
        await session.DoAsync("variant", "create", Variant("v1", "7"), Variant("v2", "7"));
        return session;
    }

    /// <summary>The accepted job's id.</summary>
    public static async Task<string> StartJobAsync(this SandboxSession session, string kind, string operation, params JsonObject[] rows)
    {
        var answer = await session.PostAsync(JobPath(kind, operation), Job(kind, operation, rows));
        Assert.Equal((HttpStatusCode.Accepted, "processing"), (answer.Status, answer.Json["data"]?["attributes"]?["status"]?.GetValue<string>()));
        return answer.Json["data"]!["id"]!.GetValue<string>();
    }

    /// <returns>The job's attributes.</returns>
    public static async Task<JsonNode> PollAsync(this SandboxSession session, string kind, string operation, string id)
    {
        var answer = await session.GetAsync($"{JobPath(kind, operation)}/{id}");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json["data"]!["attributes"]!;
    }

    /// <returns>The attributes of the job, which is complete.</returns>
    public static async Task<JsonNode> DoAsync(this SandboxSession session, string kind, string operation, params JsonObject[] rows)
    {
        var job = await session.PollAsync(kind, operation, await session.StartJobAsync(kind, operation, rows));
        Assert.Equal("complete", Text(job, "status"));
        return job;
    }

    public static string Text(JsonNode node, string name) => node[name]!.ToString();

    /// <summary>Of each error the text, the pointer and the compound id.</summary>
    public static IEnumerable<(string Detail, string Pointer, string Id)> Errors(JsonNode job) => job["errors"]!.AsArray().Select(error =>
        (Text(error!, "detail"), Text(error!["source"]!, "pointer"), Text(error["meta"]!, "id")));

    /// <summary>By external ids.</summary>
    public static async Task<IEnumerable<string>> IdsAsync(this SandboxSession session, string path)
    {
        var answer = await session.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json["data"]!.AsArray().Select(one => Text(one!, "id").Replace(Compound(""), "", StringComparison.Ordinal));
    }

    public static async Task SetFaultsAsync(this SandboxSession session, object faults)
    {
        using var answer = await session.Http.PutAsJsonAsync("/sandbox/catalog/faults", faults, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public static async Task<JsonElement> InspectAsync(this SandboxSession session, string path = "") =>
        await session.Http.GetFromJsonAsync<JsonElement>("/sandbox/catalog" + path, Cancel);
}
