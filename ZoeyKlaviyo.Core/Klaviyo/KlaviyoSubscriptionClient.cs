using System.Text;
using ZoeyKlaviyo.Core.Klaviyo.Wire;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <param name="ConsentedUtc">When the person consented, in the past: it makes the row historical. Null: the person has just subscribed.</param>
public sealed record SubscribeRow(string Email, DateTimeOffset? ConsentedUtc = null);

/// <summary>
/// Subscribes and unsubscribes. A call is all or nothing, and its 202 names no job: the effect shows in the profiles seconds to minutes later
/// (developers.klaviyo.com/en/reference/bulk_subscribe_profiles, …/bulk_unsubscribe_profiles).
/// </summary>
public sealed class KlaviyoSubscriptionClient(KlaviyoHttp http)
{
    public const int MaxSubscribes = 1000;
    public const int MaxUnsubscribes = 100;

    private static readonly EndpointLimit s_subscribe = new("POST /api/profile-subscription-bulk-create-jobs", 75, 750);
    private static readonly EndpointLimit s_unsubscribe = new("POST /api/profile-subscription-bulk-delete-jobs", 75, 750);

    /// <summary>What <see cref="SubscribeAsync"/> sends for one person, as text.</summary>
    public static string SubscribeRequest(SubscribeRow row, string? listId) => Encoding.UTF8.GetString(SubscriptionBody.Subscribe([row], listId));

    /// <summary>What <see cref="UnsubscribeAsync"/> sends for one person, as text.</summary>
    public static string UnsubscribeRequest(string address) => Encoding.UTF8.GetString(SubscriptionBody.Unsubscribe([address]));

    /// <summary>The row of the call that a refusal is about; null when it names none.</summary>
    public static int? RowOf(KlaviyoError error) => SubscriptionBody.RowOf(error.Pointer);

    /// <summary>The call was refused because Klaviyo does not have its list.</summary>
    public static bool IsAboutList(KlaviyoAnswer answer) => answer.Verdict == Verdict.Refused && answer.Errors.Any(error => SubscriptionBody.NamesList(error.Pointer));

    /// <summary>
    /// At most <see cref="MaxSubscribes"/>, either all historical or none. Not tried again once it may have arrived unless they are historical: Klaviyo
    /// may ask somebody for a confirmation twice.
    /// </summary>
    /// <param name="listId">Null: the account's default opt-in decides.</param>
    /// <param name="notAfterUtc">However long it has to wait, it does not leave later.</param>
    public Task<KlaviyoAnswer> SubscribeAsync(
        KlaviyoCredential credential, IReadOnlyList<SubscribeRow> rows, string? listId, DateTimeOffset notAfterUtc, CancellationToken cancellationToken) =>
        http.SendAsync(
            credential, s_subscribe, HttpMethod.Post, "/api/profile-subscription-bulk-create-jobs", SubscriptionBody.Subscribe(rows, listId), cancellationToken,
            isRepeatable: rows[0].ConsentedUtc is not null, notAfterUtc: notAfterUtc);

    /// <summary>At most <see cref="MaxUnsubscribes"/>. Names no list: from a list that somebody is not on, Klaviyo would unsubscribe them from all.</summary>
    public Task<KlaviyoAnswer> UnsubscribeAsync(KlaviyoCredential credential, IReadOnlyList<string> addresses, CancellationToken cancellationToken) =>
        http.SendAsync(
            credential, s_unsubscribe, HttpMethod.Post, "/api/profile-subscription-bulk-delete-jobs", SubscriptionBody.Unsubscribe(addresses), cancellationToken);
}
