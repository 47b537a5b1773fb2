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

    /// <summary>Every row of the subscribe and unsubscribe calls that were accepted, oldest first: <c>kind</c>, <c>email</c>, <c>state</c>, <c>hadLeft</c>…</summary>
    public async Task<List<JsonElement>> SubscriptionsAsync() => (await _client.GetFromJsonAsync<List<JsonElement>>("/sandbox/subscriptions", Cancel))!;

    /// <summary>Rows, people and those who had left, as <c>/sandbox/subscriptions/counts</c> tells it.</summary>
    public Task<JsonElement> SubscriptionCountsAsync() => _client.GetFromJsonAsync<JsonElement>("/sandbox/subscriptions/counts", Cancel);

    /// <summary>Klaviyo's profile with its consent; null: there is none.</summary>
    public async Task<JsonElement?> ProfileAsync(string email)
    {
        using var response = await _client.GetAsync($"/sandbox/profiles/{Uri.EscapeDataString(email)}", Cancel);
        return response.StatusCode == System.Net.HttpStatusCode.NotFound ? null : await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    /// <param name="consent">What is to differ, such as <c>new { consent = "UNSUBSCRIBED", consentTimestamp = "…", suppressions = new[] { new { reason, timestamp } } }</c>.</param>
    public async Task SetConsentAsync(string email, object consent)
    {
        using var response = await _client.PutAsJsonAsync($"/sandbox/profiles/{Uri.EscapeDataString(email)}", consent, Cancel);
        response.EnsureSuccessStatusCode();
    }

    /// <param name="profiles">Each with <c>email</c>, and with what <see cref="SetConsentAsync"/> takes.</param>
    public Task SeedProfilesAsync(IEnumerable<object> profiles) => PostAsync("/sandbox/profiles", profiles);

    /// <summary>The person unsubscribes by a link in a mail from Klaviyo.</summary>
    public Task UnsubscribeAsync(string email) => PostAsync($"/sandbox/profiles/{Uri.EscapeDataString(email)}/unsubscribe", new { });

    /// <summary>The person confirms by the link in the mail that waits.</summary>
    public Task ConfirmAsync(string email) => PostAsync($"/sandbox/profiles/{Uri.EscapeDataString(email)}/confirm", new { });

    /// <param name="settings"><c>defaultOptIn</c>, <c>delaySeconds</c>.</param>
    public async Task SetSubscriptionsAsync(object settings)
    {
        using var response = await _client.PutAsJsonAsync("/sandbox/subscriptions/settings", settings, Cancel);
        response.EnsureSuccessStatusCode();
    }

    public async Task DeleteListAsync(string id)
    {
        using var response = await _client.DeleteAsync($"/sandbox/lists/{id}", Cancel);
        response.EnsureSuccessStatusCode();
    }

    /// <param name="subscribers">Rows of the shop's newsletter: <c>email</c>, <c>status</c>, and where it matters <c>changeStatusAt</c>, <c>subscriberId</c>, <c>customerId</c>.</param>
    public Task SeedSubscribersAsync(IEnumerable<object> subscribers) => PostAsync("/sandbox/subscribers", subscribers);

    public Task SetSubscriberAsync(string email, int status, DateTimeOffset? changeStatusAt = null) =>
        SeedSubscribersAsync([new { email, status, changeStatusAt }]);

    /// <summary>The store loses the row; nobody unsubscribed.</summary>
    public async Task RemoveSubscriberAsync(string email)
    {
        using var response = await _client.DeleteAsync($"/sandbox/subscribers/{Uri.EscapeDataString(email)}", Cancel);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The shop's newsletter as the store's admin exports it.</summary>
    public Task<string> SubscribersCsvAsync() => _client.GetStringAsync("/sandbox/subscribers.csv", Cancel);

    /// <summary>Has the shop's server push a subscriber to the application, which must take it.</summary>
    /// <param name="dateless">Without <c>change_status_at</c>.</param>
    /// <param name="repeat">The last message for the address once more, to the letter.</param>
    public async Task PushSubscriberAsync(string email, bool dateless = false, bool repeat = false)
    {
        var query = $"?dateless={(dateless ? "true" : "false")}&repeat={(repeat ? "true" : "false")}";
        using var response = await _client.PostAsync($"/sandbox/feed/subscribers/{Uri.EscapeDataString(email)}{query}", null, Cancel);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <param name="quirks">How the store's REST API is to behave, such as <c>new { subscribers = true }</c>.</param>
    public async Task SetStoreAsync(object quirks)
    {
        using var response = await _client.PutAsJsonAsync("/sandbox/store", quirks, Cancel);
        response.EnsureSuccessStatusCode();
    }

    /// <param name="size"><c>products</c>, <c>variantsPer</c>, <c>categories</c>: a catalog in place of the shop's own.</param>
    public async Task GenerateCatalogAsync(object size)
    {
        using var response = await _client.PutAsJsonAsync("/sandbox/store/catalog", size, Cancel);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Klaviyo's catalog: <c>categories</c>, <c>items</c>, <c>variants</c>.</summary>
    public Task<JsonElement> CatalogAsync() => _client.GetFromJsonAsync<JsonElement>("/sandbox/catalog", Cancel);

    /// <summary>Every job that came in, oldest first.</summary>
    public async Task<List<JsonElement>> CatalogJobsAsync() =>
        [.. (await _client.GetFromJsonAsync<JsonElement>("/sandbox/catalog/jobs", Cancel)).GetProperty("jobs").EnumerateArray()];

    /// <param name="faults">What goes wrong within jobs, such as <c>new { stuck = true }</c>; what is not named is off.</param>
    public async Task SetCatalogFaultsAsync(object faults)
    {
        using var response = await _client.PutAsJsonAsync("/sandbox/catalog/faults", faults, Cancel);
        response.EnsureSuccessStatusCode();
    }

    /// <param name="fault">As <c>POST /sandbox/store/faults</c> takes it, such as <c>new { kind = "status", path = "newsletter", skip = 2 }</c>.</param>
    public Task AddStoreFaultAsync(object fault) => PostAsync("/sandbox/store/faults", fault);

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

    private async Task PostAsync(string path, object body)
    {
        using var response = await _client.PostAsJsonAsync(path, body, Cancel);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
