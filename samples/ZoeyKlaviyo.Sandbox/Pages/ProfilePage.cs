using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Events;

namespace ZoeyKlaviyo.Sandbox.Pages;

/// <summary>One person: consent, and the events in the order in which they happened.</summary>
internal static class ProfilePage
{
    public const string Path = "/klaviyo/profiles/";

    public static string Link(string email) => $"<a href=\"{Path}{Uri.EscapeDataString(email)}\">{Html.Encode(email)}</a>";

    /// <param name="consent">HTML.</param>
    public static string Render(string email, IReadOnlyList<ReceivedEvent> all, string consent)
    {
        var events = all.Where(one => string.Equals(one.Email, email, StringComparison.OrdinalIgnoreCase)).OrderBy(one => one.Time).ThenBy(one => one.Sequence).ToList();
        return Layout.Page(Html.Encode(email), "/klaviyo", $"""
            <p><a href="/klaviyo">All that arrived</a></p>
            {consent}
            {(events.Count == 0 ? Empty : Table(events))}
            """);
    }

    private const string Empty = """
        <div class="card empty"><h2>No event has arrived for this address</h2>
        <p>Events that wait in the admin are sent with the next Events run.</p></div>
        """;

    private static string Table(IReadOnlyList<ReceivedEvent> events) => $"""
        <p class="lead">{(events.Count == 1 ? "1 event" : $"{events.Count} events")}, oldest first. Times are UTC, and of the event itself.</p>
        <table class="stacked">
          <caption class="unseen">Events of this profile</caption>
          <thead><tr><th scope="col">Time</th><th scope="col">Metric</th><th scope="col" class="number">Value</th><th scope="col">Unique id</th>
            <th scope="col">Account</th><th scope="col">Details</th></tr></thead>
          <tbody>{Html.Join(events, Row)}</tbody>
        </table>
        """;

    private static string Row(ReceivedEvent one) => $"""
        <tr>
          <td data-label="Time">{Html.Time(one.Time)}</td>
          <td data-label="Metric"><strong>{Html.Encode(one.Metric)}</strong></td>
          <td data-label="Value" class="number">{Html.Encode(ArrivedPage.Value(one))}</td>
          <td data-label="Unique id"><code>{Html.Encode(one.UniqueId)}</code></td>
          <td data-label="Account">{Html.Encode(DemoAccounts.Find(one.Account)?.Name)}</td>
          <td data-label="Details">{ArrivedPage.Details(one)}</td>
        </tr>
        """;
}
