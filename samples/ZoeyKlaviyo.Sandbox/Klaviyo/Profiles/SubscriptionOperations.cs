using ZoeyKlaviyo.Sandbox.Klaviyo.Api;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

internal sealed class SubscriptionOperations(ProfileBook book, SubscriptionRules rules) : IApiOperations
{
    public IReadOnlyDictionary<string, ApiHandler> Handlers { get; } = new Dictionary<string, ApiHandler>
    {
        ["bulk_subscribe_profiles"] = new(
            call => Accept(book, SubscriptionKind.Subscribe, call), (call, found) => rules.Check(call, found, SubscriptionRules.MaxSubscribed)),
        ["bulk_unsubscribe_profiles"] = new(
            call => Accept(book, SubscriptionKind.Unsubscribe, call), (call, found) => rules.Check(call, found, SubscriptionRules.MaxUnsubscribed)),
    };

    /// <summary>There is no job to ask about.</summary>
    private static ApiAnswer Accept(ProfileBook book, SubscriptionKind kind, ApiCall call)
    {
        book.Accept(call.Account, kind, new(call.Body));
        return ApiAnswer.Accepted;
    }
}
