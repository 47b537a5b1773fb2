using ZoeyKlaviyo.Sandbox.Klaviyo.Api;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;
using ZoeyKlaviyo.Sandbox.Klaviyo.Events;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

/// <summary>What Klaviyo refuses of these calls beyond the contract's types. One bad row refuses the call; each is named once.</summary>
internal sealed class SubscriptionRules(ProfileBook book, ListBook lists, TimeProvider time)
{
    public const int MaxSubscribed = 1000;
    public const int MaxUnsubscribed = 100;

    public const string NoConsentTime = "historical email subscription does not have a valid consented_at timestamp";

    public IEnumerable<ContractViolation> Check(ApiCall call, IReadOnlyList<ContractViolation> found, int mostRows)
    {
        var request = new SubscriptionRequest(call.Body);
        if (request.ListId is { } id && lists.Of(call.Account).All(list => list.Id != id))
            return [new(SubscriptionRequest.ListPointer, $"List not found with id {id}")];
        if (request.Rows.Count > mostRows)
            return [new(SubscriptionRequest.RowsPointer, $"No more than {mostRows} profiles may be sent in one request.")];
        return request.Rows
            .Where(row => !found.Any(violation => violation.IsWithin(row.Pointer) && violation.Pointer != row.ConsentedAtPointer))
            .Select(row => Refuse(call, request, row)).OfType<ContractViolation>();
    }

    private ContractViolation? Refuse(ApiCall call, SubscriptionRequest request, SubscriptionRow row)
    {
        if (call.Refusal is { } fault && (fault.Where is null || row.Row.GetRawText().Contains(fault.Where, StringComparison.Ordinal)))
            return new(row.SubscriptionsPointer, "A fault is switched on.");
        if (!row.HasEmailMarketing)
            return new(row.SubscriptionsPointer, "The sandbox has no channel but email marketing.");
        if (string.IsNullOrEmpty(row.Email))
            return new(row.EmailPointer, "An email address is required for the email channel.");
        if (!EmailRules.IsValid(row.Email))
            return new(row.EmailPointer, EmailRules.Invalid);
        if (!request.IsHistorical)
            return row.HasConsentedAt ? new(row.ConsentedAtPointer, "consented_at may only be given with historical_import") : null;
        if (row.ConsentedAt is not { } consentedAt || consentedAt >= time.GetUtcNow())
            return new(row.ConsentedAtPointer, NoConsentTime);
        return book.Find(call.Account, row.Email)?.RefuseImport(consentedAt) is { } problem ? new(row.ConsentedAtPointer, problem) : null;
    }
}
