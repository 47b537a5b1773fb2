using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

namespace ZoeyKlaviyo.Sandbox.Pages;

/// <summary>The calls that asked to subscribe or unsubscribe somebody, and what became of them.</summary>
internal static class SubscriptionsPage
{
    public const string Path = "/klaviyo/subscriptions";

    private const int Shown = 200;

    public static string Render(IReadOnlyList<SubscriptionEntry> log, ListBook lists) => Layout.Page("Subscriptions", "/klaviyo", $"""
        <p><a href="/klaviyo">All that arrived</a></p>
        {(log.Count == 0 ? Empty : Table(log, lists))}
        """);

    private const string Empty = """
        <div class="card empty"><h2>Nobody was subscribed or unsubscribed yet</h2>
        <p>Subscribe to the newsletter in the <a href="/shop">demo shop</a> and press <em>Sync now</em> for Subscribers in the admin.</p></div>
        """;

    private static string Table(IReadOnlyList<SubscriptionEntry> log, ListBook lists) => $"""
        <p class="lead">{(log.Count > Shown ? $"The newest {Shown} of {log.Count}" : "All")} that was asked of the stand-in for Klaviyo and accepted, newest first. Times are UTC.</p>
        <table class="stacked">
          <caption class="unseen">Accepted subscriptions</caption>
          <thead><tr><th scope="col">Time</th><th scope="col">Asked</th><th scope="col">Address</th><th scope="col">List</th><th scope="col">Outcome</th><th scope="col">Account</th></tr></thead>
          <tbody>{Html.Join(log.Reverse().Take(Shown), one => Row(one, lists))}</tbody>
        </table>
        """;

    private static string Row(SubscriptionEntry one, ListBook lists) => $"""
        <tr>
          <td data-label="Time">{Html.Time(one.At)}</td>
          <td data-label="Asked"><span><strong>{one.Kind}</strong>{(one.ConsentedAt is { } consented ? $", consent of {Html.Time(consented)}" : "")}</span></td>
          <td data-label="Address">{ProfilePage.Link(one.Email)}</td>
          <td data-label="List">{Html.Encode(one.ListId is { } id ? lists.All.FirstOrDefault(list => list.Id == id)?.Name ?? id : "–")}</td>
          <td data-label="Outcome">{Outcome(one.State)}{(one.HadLeft ? ", <strong>had left</strong>" : "")}</td>
          <td data-label="Account">{Html.Encode(DemoAccounts.Find(one.Account)?.Name)}</td>
        </tr>
        """;

    private static string Outcome(SubscriptionState state) => state switch
    {
        SubscriptionState.Pending => "not done yet",
        SubscriptionState.AwaitingConfirmation => "waits for the person to confirm",
        SubscriptionState.Confirmed => "confirmed",
        SubscriptionState.Overtaken => "the person left meanwhile",
        _ => "done",
    };
}
