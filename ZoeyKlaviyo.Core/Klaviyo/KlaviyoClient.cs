using ZoeyKlaviyo.Core.Klaviyo.Wire;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>Klaviyo's events, and what every connection needs.</summary>
public sealed class KlaviyoClient(KlaviyoHttp http)
{
    private static readonly EndpointLimit s_createEvent = new("POST /api/events", 350, 3500);
    private static readonly EndpointLimit s_bulkCreateEvents = new("POST /api/event-bulk-create-jobs", 10, 150);
    private static readonly EndpointLimit s_getAccounts = new("GET /api/accounts", 1, 15);
    private static readonly EndpointLimit s_getMetrics = new("GET /api/metrics", 10, 150);

    /// <summary>One event; a repeat with the same <c>unique_id</c> changes nothing (developers.klaviyo.com/en/reference/create_event).</summary>
    public Task<KlaviyoAnswer> CreateEventAsync(KlaviyoCredential credential, KlaviyoEvent source, CancellationToken cancellationToken)
    {
        var body = EventBody.Write(source);
        return http.SendAsync(credential, s_createEvent, HttpMethod.Post, "/api/events", body, cancellationToken);
    }

    /// <summary>
    /// Many events, all of them or none (developers.klaviyo.com/en/reference/bulk_create_events). Not tried again once it may have
    /// arrived: Klaviyo may refuse the whole call for an event that it already has.
    /// </summary>
    public Task<KlaviyoAnswer> BulkCreateEventsAsync(KlaviyoCredential credential, EventBatch batch, CancellationToken cancellationToken) =>
        http.SendAsync(credential, s_bulkCreateEvents, HttpMethod.Post, "/api/event-bulk-create-jobs", batch.Body, cancellationToken, isRepeatable: false);

    /// <summary>The account a token belongs to; null when the answer does not tell.</summary>
    public async Task<(KlaviyoAnswer Answer, KlaviyoAccount? Account)> GetAccountAsync(
        KlaviyoCredential credential, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(credential, s_getAccounts, HttpMethod.Get, "/api/accounts", null, cancellationToken);
        return (answer, answer.Verdict == Verdict.Accepted ? AccountBody.TryRead(answer.Body) : null);
    }

    /// <summary>The account's metrics; also the question whether Klaviyo answers at all, as it has nothing to do with sending.</summary>
    public Task<KlaviyoAnswer> GetMetricsAsync(KlaviyoCredential credential, CancellationToken cancellationToken) =>
        http.SendAsync(credential, s_getMetrics, HttpMethod.Get, "/api/metrics", null, cancellationToken);
}
