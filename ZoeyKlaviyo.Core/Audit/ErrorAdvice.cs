using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Subscribers;

namespace ZoeyKlaviyo.Core.Audit;

/// <summary>What a failure means and what to do, in plain words. Records keep only the code, so better words reach old records too.</summary>
public sealed record ErrorAdvice(string Explanation, string Advice)
{
    private const string InvalidEmail = "invalid_email";
    private const string Duplicate = "duplicate";
    private const string TooLarge = "too_large";
    private const string Invalid = "invalid";
    private const string NoAnswer = "no_answer";
    private const string NeverAnswered = "never_answered";
    private const string NotPrepared = "not_prepared";
    private const string Throttled = "throttled";
    private const string Unauthorized = "unauthorized";
    private const string NoPermission = "no_permission";
    private const string WrongRequest = "wrong_request";

    private static readonly Dictionary<string, ErrorAdvice> s_byCode = new()
    {
        [InvalidEmail] = new("Klaviyo does not take this e-mail address.", "Correct the address in the store. This event can be discarded."),
        [Duplicate] = new("Klaviyo already has something with this id.", "Usually nothing has to be done. If it keeps happening, tell support the record."),
        [TooLarge] = new("The event is larger than Klaviyo takes (5 MB).", "Shorten what the theme sends with the event. This event can be discarded."),
        [Invalid] = new("Klaviyo found a fault in the event itself and will not take it as it is.", "Look at Klaviyo's words below; correct what the theme sends, then retry, or discard the event."),
        [NoAnswer] = new("Klaviyo gave no usable answer. It may have the event all the same; sending it again can't make a second one.", "Nothing to do: it is sent again by itself. If this lasts, look at status.klaviyo.com."),
        [NeverAnswered] = new("Klaviyo answered others, but gave no usable answer for this event in either cycle. It may have it all the same; sending it again can't make a second one.", "Press Retry once Klaviyo works again (status.klaviyo.com). If it fails again, give Klaviyo's support the event's unique id."),
        [NotPrepared] = new("This application could not prepare or send the event.", "Tell the operator: the server's log has the details. The event can be retried, or discarded."),
        [Throttled] = new("Klaviyo asked us to slow down for longer than a run waits.", "Nothing to do: it is sent again by itself."),
        [Unauthorized] = new("Klaviyo no longer accepts this connection.", "Press Connect to Klaviyo on Manage Connection; what waits is sent afterwards."),
        [NoPermission] = new("The connection lacks a permission for this.", "Press Connect to Klaviyo again and allow all permissions."),
        [WrongRequest] = new("Klaviyo refuses every request of this kind, whatever the event.", "The operator has to check Klaviyo:ApiBaseUrl and Klaviyo:Revision."),
        [SubscriptionReasons.AlreadySubscribed] = new("Already subscribed: Klaviyo has them as subscribed, so nothing was sent.", "Nothing to do."),
        [SubscriptionReasons.AlreadyBackdated] = new(
            "Already subscribed: Klaviyo has them as subscribed since before the consent that the store gives (\"backdated consent date is after current subscription date\").",
            "Nothing to do: they are subscribed. If you want no such records, set Enable Historical Subscribers Sync to No, and in Klaviyo's settings, under API keys, set the default opt-in to Single opt-in if subscribers should need no confirmation."),
        [SubscriptionReasons.OptedOut] = new("Opted out in Klaviyo, and nothing proves that they consented later: they are not subscribed.", "Nothing to do. If they want the newsletter again, they subscribe again in the shop. The report of opt-outs brings them into the store."),
        [SubscriptionReasons.OptedOutBackdated] = new("Opted out in Klaviyo after the consent that the store gives: they are not subscribed.", "Nothing to do. If they want the newsletter again, they subscribe again in the shop. The report of opt-outs brings them into the store."),
        [SubscriptionReasons.Suppressed] = new("Klaviyo sends them nothing, for the reason below; subscribing again would not be right, or would not help.", "Nothing to do here. In Klaviyo, the profile says more; a bounced address can be corrected in the store."),
        [SubscriptionReasons.HistoricalOff] = new("Subscribed before the store was connected, and Enable Historical Subscribers Sync is No.", "To send them, set Enable Historical Subscribers Sync to Yes; the next Subscribers run sends them."),
        [SubscriptionReasons.InvalidAddress] = new("This is no e-mail address that Klaviyo takes.", "Correct the address in the store; it is not tried again until it changes."),
        [SubscriptionReasons.Unreadable] = new("Klaviyo did not say whether they have opted out, so they were not subscribed.", "Nothing to do: it is tried again by itself. If it keeps happening, look at the profile in Klaviyo."),
        [SubscriptionReasons.UnreadableRow] = new("This entry can't be read, and nothing is sent of it; the others are not affected.", "Correct it in the store, or in the file, and upload the file again."),
        [CatalogReasons.Refused] = new("Klaviyo would not take this record as it is; the others of its batch are not affected.", "Klaviyo's words below say why. Correct it in the store: it is sent again as soon as it changes, and tried once a day otherwise."),
        [CatalogReasons.NoVerdict] = new("Klaviyo answered others, but never said what became of this record, not even alone.", "Nothing to do: it is tried again tomorrow. If it lasts, give Klaviyo's support its id."),
        [CatalogReasons.Cancelled] = new("Klaviyo ended the record's job without doing it, also when it was alone in the job.", "Nothing to do: it is tried again tomorrow. If it lasts, give Klaviyo's support its id."),
        [CatalogReasons.MissingCategory] = new("The product is in a category that Klaviyo does not have.", "Press Sync now at Categories, then at Products."),
        [CatalogReasons.MissingItem] = new("Klaviyo does not have the variant's product.", "Press Sync now at Products, then at Variants."),
        [CatalogReasons.WaitingForItem] = new("Waiting for its product: Klaviyo does not have it yet, and takes a variant only with its product.", "Press Sync now at Products, then at Variants. If the product was refused, its own record says why. If the store does not have it, set Zoey:ParentAttribute, or upload the product export on Manage Connection."),
        [CatalogReasons.NotInStore] = new("The store no longer has this record.", "Nothing to do: the next whole sync deletes it in Klaviyo, as long as not too many are gone at once."),
        [OrderReasons.BeforeConnection] = new("The order was placed while the store was not connected to this Klaviyo account.", "Nothing to do: only what happens while it is connected is sent."),
        [OrderReasons.Disabled] = new("The order was placed while Is Enabled was No.", "Nothing to do: it is not sent later either."),
        [OrderReasons.FunctionOff] = new("The order was placed while both Placed Order and Ordered Product were No.", "Nothing to do: it is not sent later either."),
        [OrderReasons.ActingAdmin] = new("Skipped: placed by team member, while Enable Admin Tracking on Store was No.", "To send such orders from now on, set Enable Admin Tracking on Store to Yes. This one is not sent later."),
        [OrderReasons.NoAddress] = new("Skipped: no address. The order has no e-mail address that mail could be sent to, so there is nobody in Klaviyo it belongs to.", "Nothing to do. For the orders to come, have the store ask for an address at checkout."),
        [OrderReasons.NotPlaced] = new("Skipped: not placed within 7 days. All that time its status said that it is not paid, or that it was canceled.", "Nothing to do. If that status means that an order is placed, tell the operator: Zoey:OrderStatusesNotPlaced names those that do not."),
    };

    /// <summary>Null for a record that went well.</summary>
    public static ErrorAdvice? For(string? code) => code is not null ? s_byCode.GetValueOrDefault(code) : null;

    /// <param name="isFinal">It is not tried again by itself.</param>
    internal static string? CodeOf(KlaviyoAnswer answer, bool isFinal) => answer.Verdict switch
    {
        Verdict.Accepted => null,
        Verdict.NoVerdict when isFinal => NeverAnswered,
        Verdict.Refused => RefusalOf(answer),
        Verdict.NoVerdict => NoAnswer,
        Verdict.Throttled => Throttled,
        Verdict.Unauthorized => Unauthorized,
        _ => answer.Status == 403 ? NoPermission : WrongRequest,
    };

    private static string RefusalOf(KlaviyoAnswer answer) => answer.Status switch
    {
        null => NotPrepared,
        413 => TooLarge,
        409 => Duplicate,
        _ when answer.Errors.Any(error => error.Pointer?.EndsWith("/email", StringComparison.Ordinal) == true) => InvalidEmail,
        _ => Invalid,
    };
}
