using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

namespace ZoeyKlaviyo.Sandbox.Pages;

/// <summary>Whether a person may be mailed, and what the person can do about it.</summary>
internal static class ConsentCard
{
    public const string UnsubscribePath = "/klaviyo/consent/unsubscribe";
    public const string ConfirmPath = "/klaviyo/consent/confirm";

    public static string Render(string email, ProfileBook book, ListBook lists) => Html.Join(DemoAccounts.All, account =>
    {
        var profile = book.Find(account.Id, email);
        var waiting = book.Log.Count(one => one.Account == account.Id && one.State == SubscriptionState.AwaitingConfirmation
            && string.Equals(one.Email, email, StringComparison.OrdinalIgnoreCase));
        return profile is null && waiting == 0 ? "" : $"""
            <section class="card" aria-labelledby="consent-{account.Id}">
              <h2 id="consent-{account.Id}">Email marketing: {Html.Encode(account.Name)}</h2>
              {(profile is null ? "<p>There is no profile until the subscription is confirmed.</p>" : Facts(profile, lists))}
              {(waiting == 0 ? "" : $"<p>{(waiting == 1 ? "A mail asks" : $"{waiting} mails ask")} to confirm the subscription.</p>")}
              <p class="buttons">{(waiting == 0 ? "" : Form(ConfirmPath, "Confirm subscription", account, email))}
              {(profile is null ? "" : Form(UnsubscribePath, "Unsubscribe", account, email))}</p>
            </section>
            """;
    });

    private static string Facts(KlaviyoProfile profile, ListBook lists) => $"""
        <dl>
          <dt>Consent</dt><dd>{Name(profile.Consent)}{(profile.ConsentTimestamp is { } since ? $", {Html.Time(since)}" : "")}</dd>
          <dt>Suppressed</dt><dd>{Or("no", Html.Join(profile.Suppressions, one => $"<span>{Html.Encode(one.Reason)}, {Html.Time(one.Timestamp)}</span> ")
            + Html.Join(profile.ListSuppressions, one => $"<span>{Html.Encode(one.Reason)} for the list {Html.Encode(ListName(one.ListId, lists))}, {Html.Time(one.Timestamp)}</span> "))}</dd>
          <dt>Lists</dt><dd>{Or("none", Html.Encode(string.Join(", ", profile.Lists.Select(list => ListName(list, lists)))))}</dd>
        </dl>
        """;

    private static string Form(string path, string label, KlaviyoAccount account, string email) => $"""
        <form method="post" action="{path}"><input type="hidden" name="account" value="{account.Id}"><input type="hidden" name="email" value="{Html.Encode(email)}">
        <button>{label}<span class="unseen"> at {Html.Encode(account.Name)}</span></button></form>
        """;

    private static string Name(ProfileConsent consent) => consent switch
    {
        ProfileConsent.Subscribed => "subscribed",
        ProfileConsent.Unsubscribed => "unsubscribed",
        _ => "never subscribed",
    };

    private static string ListName(string id, ListBook lists) => lists.All.FirstOrDefault(list => list.Id == id)?.Name ?? id;

    private static string Or(string otherwise, string html) => html.Length == 0 ? otherwise : html;
}
