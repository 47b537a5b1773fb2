using System.Globalization;
using System.Text.Json;

namespace ZoeyKlaviyo.Bench.Catalog;

/// <summary>
/// Klaviyo's catalog as far as it is counted: it reads the rows of a job, knows which external ids it holds, and says that the job is complete as
/// soon as it is asked. Each request is answered after the latency that was asked for.
/// </summary>
internal sealed class CatalogStandIn
{
    private static readonly string[] s_kinds = ["category", "item", "variant"];
    private static readonly string[] s_plurals = ["categories", "items", "variants"];
    private static readonly string[] s_operations = ["create", "update", "delete"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = [];
    private readonly HashSet<string>[] _ids = [[], [], []];
    private TimeSpan _latency;
    private int _jobs;

    public static async Task RunAsync()
    {
        var klaviyo = new CatalogStandIn();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        foreach (var (kind, name) in s_kinds.Index())
        {
            foreach (var operation in s_operations)
            {
                var type = $"catalog-{name}-bulk-{operation}-job";
                app.MapPost($"/api/{type}s", context => klaviyo.StartAsync(context, type, kind, operation));
                app.MapGet($"/api/{type}s/{{id}}", context => klaviyo.PollAsync(context, type));
            }
        }

        app.MapPatch("/api/catalog-items/{id}/relationships/categories", (RequestDelegate)klaviyo.RelinkAsync);
        app.MapGet("/{**path}", () => Results.Text("""{"data":[],"links":{}}""", "application/vnd.api+json"));
        await app.StartAsync();
        Child.Answer(new { url = app.Urls.Single() });
        while (await Console.In.ReadLineAsync() is { } line)
            Child.Answer(klaviyo.Obey(line.Split(' ')));
    }

    /// <returns>What was counted before, and how many records there are.</returns>
    private Dictionary<string, int> Obey(string[] words)
    {
        lock (_lock)
        {
            var counted = new Dictionary<string, int>(_counts);
            foreach (var (kind, plural) in s_plurals.Index())
                counted[plural] = _ids[kind].Count;
            _counts.Clear();
            if (words is ["latency", var milliseconds])
                _latency = TimeSpan.FromMilliseconds(int.Parse(milliseconds, CultureInfo.InvariantCulture));
            return counted;
        }
    }

    private async Task StartAsync(HttpContext context, string type, int kind, string operation)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var rows = body.RootElement.GetProperty("data").GetProperty("attributes").GetProperty(s_plurals[kind]).GetProperty("data");
        int job;
        lock (_lock)
        {
            Count($"{operation} jobs");
            Count("rows", rows.GetArrayLength());
            foreach (var row in rows.EnumerateArray())
                Take(row, _ids[kind], operation);
            job = ++_jobs;
        }

        await AnswerAsync(context, StatusCodes.Status202Accepted, type, job.ToString(CultureInfo.InvariantCulture), "queued");
    }

    private void Take(JsonElement row, HashSet<string> ids, string operation)
    {
        var id = operation == "create" ? row.GetProperty("attributes").GetProperty("external_id").GetString()! : row.GetProperty("id").GetString()!.Split(":::")[^1];
        var isRight = operation switch { "create" => ids.Add(id), "delete" => ids.Remove(id), _ => ids.Contains(id) };
        if (!isRight)
            Count("mistakes");
    }

    private Task PollAsync(HttpContext context, string type)
    {
        lock (_lock)
            Count("polls");
        return AnswerAsync(context, StatusCodes.Status200OK, type, (string)context.Request.RouteValues["id"]!, "complete");
    }

    private async Task RelinkAsync(HttpContext context)
    {
        lock (_lock)
            Count("relinks");
        await WaitAsync();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task AnswerAsync(HttpContext context, int status, string type, string id, string state)
    {
        await WaitAsync();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/vnd.api+json";
        await context.Response.WriteAsync(
            $$"""{"data":{"type":"{{type}}","id":"{{id}}","attributes":{"status":"{{state}}","failed_count":0,"errors":[] } } }""");
    }

    private Task WaitAsync() => _latency > TimeSpan.Zero ? Task.Delay(_latency, TimeProvider.System) : Task.CompletedTask;

    private void Count(string what, int number = 1) => _counts[what] = _counts.GetValueOrDefault(what) + number;
}
