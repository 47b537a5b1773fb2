using System.Net.Http.Json;
using System.Text.Json;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>The stand-in for Klaviyo as a process of its own, which outlives whatever happens to the application.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private readonly string[] _arguments;
    private readonly HttpClient _client;
    private AppProcess? _process;

    private SandboxProcess(string address, string[] arguments)
    {
        Address = address;
        _arguments = [Path.Combine(AppContext.BaseDirectory, "ZoeyKlaviyo.Sandbox.dll"), "--urls", address, .. arguments];
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
    }

    /// <summary>Without a slash at the end.</summary>
    public string Address { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="arguments">Further ones, such as <c>--Sandbox:DataDirectory=…</c>.</param>
    public static async Task<SandboxProcess> StartAsync(params string[] arguments)
    {
        var sandbox = new SandboxProcess($"http://127.0.0.1:{AppProcess.FreePort()}", arguments);
        await sandbox.StartAgainAsync();
        return sandbox;
    }

    /// <summary>At the same address.</summary>
    public async Task StartAgainAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = await AppProcess.StartAsync(_arguments, "/", new Dictionary<string, string>(), new Uri(Address));
    }

    public Task KillAsync() => _process!.KillAsync();

    /// <summary>The account's owner allows the access that a consent page asks for.</summary>
    /// <returns>Where Klaviyo sends the browser back to.</returns>
    public Task<Uri> AllowAsync(Uri consent) => AllowAsync(_client, consent);

    /// <param name="client">Follows no redirects.</param>
    internal static async Task<Uri> AllowAsync(HttpClient client, Uri consent)
    {
        var asked = System.Web.HttpUtility.ParseQueryString(consent.Query);
        var form = asked.AllKeys.ToDictionary(key => key!, key => asked[key]!);
        form["account"] = "ABC123";
        form["decision"] = "allow";
        using var content = new FormUrlEncodedContent(form);
        using var response = await client.PostAsync("/oauth/authorize", content, Cancel);
        return response.Headers.Location ?? throw new InvalidOperationException($"The consent page answered {(int)response.StatusCode}.");
    }

    /// <summary>The ids (<c>unique_id</c>) of the events that are there, in the order of arrival.</summary>
    public async Task<List<string>> EventIdsAsync() => (await EventsAsync()).ConvertAll(one => one.GetProperty("uniqueId").GetString()!);

    /// <summary>The events that are there, in the order of arrival.</summary>
    public async Task<List<JsonElement>> EventsAsync() => (await _client.GetFromJsonAsync<List<JsonElement>>("/sandbox/events", Cancel))!;

    /// <summary>What has come in since this process started, as <c>/sandbox/counts</c> tells it.</summary>
    public Task<JsonElement> CountsAsync() => _client.GetFromJsonAsync<JsonElement>("/sandbox/counts", Cancel);

    /// <summary>How many requests have come in whose <c>METHOD /path</c> is <paramref name="request"/>.</summary>
    public async Task<int> CountAsync(string request)
    {
        var requests = await _client.GetFromJsonAsync<List<JsonElement>>("/sandbox/requests", Cancel);
        return requests!.Count(one => $"{one.GetProperty("method").GetString()} {one.GetProperty("path").GetString()}" == request);
    }

    /// <summary>The shop's orders, in the order they were placed.</summary>
    public async Task<List<JsonElement>> OrdersAsync() => (await _client.GetFromJsonAsync<List<JsonElement>>("/sandbox/orders", Cancel))!;

    /// <summary>Has the shop's server push an order to the application, which must take it.</summary>
    public async Task PushOrderAsync(string entityId)
    {
        using var response = await _client.PostAsync($"/sandbox/feed/orders/{entityId}", null, Cancel);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <param name="fault">As <c>POST /sandbox/faults</c> takes it, such as <c>new { match = "/api/events", kind = "slow" }</c>.</param>
    public async Task AddFaultAsync(object fault)
    {
        using var response = await _client.PostAsJsonAsync("/sandbox/faults", fault, Cancel);
        response.EnsureSuccessStatusCode();
    }

    public async Task ClearFaultsAsync()
    {
        using var response = await _client.DeleteAsync("/sandbox/faults", Cancel);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
