using ZoeyKlaviyo.Core.Klaviyo.Wire;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <param name="IsDoubleOptIn">Null when the answer does not tell.</param>
public sealed record KlaviyoList(string Id, string Name, bool? IsDoubleOptIn);

/// <param name="Lists">Null when the answer can't be read, or is no yes.</param>
/// <param name="Next">Where the next page is, from the host on; null on the last.</param>
public sealed record ListPage(KlaviyoAnswer Answer, IReadOnlyList<KlaviyoList>? Lists, string? Next = null);

/// <summary>The account's lists (developers.klaviyo.com/en/reference/lists_api_overview): ten a page, and their names need not differ.</summary>
public sealed class KlaviyoListClient(KlaviyoHttp http)
{
    private static readonly EndpointLimit s_getLists = new("GET /api/lists", 75, 750);
    private static readonly EndpointLimit s_createList = new("POST /api/lists", 10, 150);

    /// <summary>The first page, by name.</summary>
    public Task<ListPage> ListAsync(KlaviyoCredential credential, CancellationToken cancellationToken) =>
        ReadAsync(credential, "/api/lists?fields[list]=name,opt_in_process&sort=name", cancellationToken);

    /// <param name="name">Without quotes and backslashes.</param>
    public Task<ListPage> FindByNameAsync(KlaviyoCredential credential, string name, CancellationToken cancellationToken) =>
        ReadAsync(credential, $"/api/lists?filter={Uri.EscapeDataString($"equals(name,\"{name}\")")}&fields[list]=name,opt_in_process", cancellationToken);

    /// <param name="next">A page's <see cref="ListPage.Next"/>.</param>
    public Task<ListPage> NextAsync(KlaviyoCredential credential, string next, CancellationToken cancellationToken) => ReadAsync(credential, next, cancellationToken);

    /// <summary>Not tried again once it may have arrived: that would make a second list of the name.</summary>
    public async Task<(KlaviyoAnswer Answer, KlaviyoList? List)> CreateAsync(
        KlaviyoCredential credential, string name, bool isDoubleOptIn, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(
            credential, s_createList, HttpMethod.Post, "/api/lists", ListBody.Create(name, isDoubleOptIn), cancellationToken, isRepeatable: false);
        return (answer, answer.Verdict == Verdict.Accepted ? ListBody.TryReadOne(answer.Body) : null);
    }

    private async Task<ListPage> ReadAsync(KlaviyoCredential credential, string path, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(credential, s_getLists, HttpMethod.Get, path, null, cancellationToken);
        return answer.Verdict == Verdict.Accepted ? ListBody.ReadPage(answer) : new ListPage(answer, null);
    }
}
