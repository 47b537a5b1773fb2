using System.Net.Http.Json;
using System.Text.Json;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>The stand-in for Klaviyo as a process of its own, which outlives whatever happens to the application.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private readonly AppProcess _process;
    private readonly HttpClient _client;

    private SandboxProcess(AppProcess process, string address)
    {
        _process = process;
        Address = address;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
    }

    /// <summary>Without a slash at the end.</summary>
    public string Address { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SandboxProcess> StartAsync()
    {
        var address = $"http://127.0.0.1:{AppProcess.FreePort()}";
        var process = await AppProcess.StartAsync(
            [Path.Combine(AppContext.BaseDirectory, "ZoeyKlaviyo.Sandbox.dll"), "--urls", address], "/", new Dictionary<string, string>(), new Uri(address));
        return new SandboxProcess(process, address);
    }

    /// <summary>The account's owner allows the access that a consent page asks for.</summary>
    /// <returns>Where Klaviyo sends the browser back to.</returns>
    public async Task<Uri> AllowAsync(Uri consent)
    {
        var asked = System.Web.HttpUtility.ParseQueryString(consent.Query);
        var form = asked.AllKeys.ToDictionary(key => key!, key => asked[key]!);
        form["account"] = "ABC123";
        form["decision"] = "allow";
        using var content = new FormUrlEncodedContent(form);
        using var response = await _client.PostAsync("/oauth/authorize", content, Cancel);
        return response.Headers.Location ?? throw new InvalidOperationException($"The consent page answered {(int)response.StatusCode}.");
    }

    /// <summary>The ids (<c>unique_id</c>) of the events that are there, in the order of arrival.</summary>
    public async Task<List<string>> EventIdsAsync()
    {
        var events = await _client.GetFromJsonAsync<List<JsonElement>>("/sandbox/events", Cancel);
        return events!.ConvertAll(one => one.GetProperty("uniqueId").GetString()!);
    }

    /// <summary>How many requests have come in whose <c>METHOD /path</c> is <paramref name="request"/>.</summary>
    public async Task<int> CountAsync(string request)
    {
        var requests = await _client.GetFromJsonAsync<List<JsonElement>>("/sandbox/requests", Cancel);
        return requests!.Count(one => $"{one.GetProperty("method").GetString()} {one.GetProperty("path").GetString()}" == request);
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
        await _process.DisposeAsync();
    }
}
