using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Fixtures;

internal sealed record PayloadLine(string UniqueId, string State, bool InDoubt, int Attempts);

internal sealed record RunLine(string Run, string Kind, string Trigger, string Status, string? Message);

/// <summary>
/// One process of the application, and what people, browsers and signals do to it. Started again, it has the same address;
/// killed or paused, it answers nothing.
/// </summary>
internal sealed class AdminInstance(string address, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
    {
        BaseAddress = new Uri(address),
    };

    private AppProcess? _process;

    /// <summary>Without a slash at the end.</summary>
    public string Address => address;

    /// <summary>What the process has printed since it was started last.</summary>
    public string Output => _process?.Output ?? "";

    public int ProcessId => _process!.Id;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts the process, or starts it again, and returns when it is ready.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        var environment = settings.ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value);
        environment["ASPNETCORE_URLS"] = address;
        _process = await AppProcess.StartAsync([AdminProcess.Path], Repository.Root, environment, new Uri(address + "/healthz/ready"));
        using var signedIn = await _client.PostAsync("/signin/store-admin", null, Cancel);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
    }

    public Task KillAsync() => _process!.KillAsync();

    public Task PauseAsync() => _process!.PauseAsync();

    public Task ContinueAsync() => _process!.ContinueAsync();

    public async Task ConnectAsync(SandboxProcess klaviyo)
    {
        using var start = await _client.PostAsync("/stores/demo/connect/klaviyo", null, Cancel);
        using var back = await _client.GetAsync(await klaviyo.AllowAsync(start.Headers.Location!), Cancel);
        Assert.EndsWith("?connect=Connected", back.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Posts one event of a shopper of its own as a browser does.</summary>
    /// <returns>True once it is durable; false when it is not known to be.</returns>
    public async Task<bool> TryPostEventAsync(string id)
    {
        try
        {
            using var response = await _client.PostAsJsonAsync(
                "/collect/demo/events",
                new { visitor = new { email = $"{id}@shop-demo.com" }, events = new[] { new { id, type = "viewed_product" } } },
                Cancel);
            return response.StatusCode == HttpStatusCode.Accepted
                && (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("accepted").GetInt32() == 1;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Posts a request of several events.</summary>
    /// <returns>True once all are durable, from this request or an earlier one; false when that is not known.</returns>
    public async Task<bool> TryCollectAsync(JsonNode request)
    {
        try
        {
            using var response = await _client.PostAsJsonAsync("/collect/demo/events", request, Cancel);
            if (response.StatusCode != HttpStatusCode.Accepted)
                return false;
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
            Assert.Empty(answer.GetProperty("rejected").EnumerateArray());
            Assert.All(answer.GetProperty("ignored").EnumerateArray(), ignored => Assert.Equal("duplicate", ignored.GetProperty("reason").GetString()));
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            return false;
        }
    }

    public async Task PostEventsAsync(IEnumerable<string> ids)
    {
        foreach (var id in ids)
            Assert.True(await TryPostEventAsync(id), $"{id} was not accepted");
    }

    /// <returns>The run's id.</returns>
    public async Task<string> SyncNowAsync(string kind)
    {
        using var response = await _client.PostAsJsonAsync("/stores/demo/runs", new { kind }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("run").GetString()!;
    }

    public Task<List<PayloadLine>> PayloadsAsync() => LinesAsync<PayloadLine>("/stores/demo/payloads.jsonl");

    /// <summary>Newest first.</summary>
    public Task<List<RunLine>> RunsAsync() => LinesAsync<RunLine>("/stores/demo/audit.jsonl");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private async Task<List<T>> LinesAsync<T>(string path)
    {
        var text = await _client.GetStringAsync(path, Cancel);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<T>(line, s_json)!).ToList();
    }
}
