using System.Globalization;
using System.Text.Json;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Events;

namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class ArrivedPage
{
    public const int Shown = 200;

    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Render(IReadOnlyList<ReceivedEvent> events, IReadOnlyList<Fault> faults, long throttled) => Layout.Page("What arrived", "/klaviyo", $"""
        <p class="lead">Events that the stand-in for Klaviyo accepted, newest first. Times are UTC. There are other pages for <a href="{SubscriptionsPage.Path}">subscriptions</a> and the <a href="{CatalogPage.Path}">catalog</a>.</p>
        <div id="faults">{Faults(faults)}</div>
        <p id="news" role="status" class="news"></p>
        <div id="arrived" data-last="{(events.Count == 0 ? 0 : events[^1].Sequence)}">
          <div id="summary">{Summary(events, throttled)}</div>
          <table class="stacked"{(events.Count == 0 ? " hidden" : "")}>
            <caption class="unseen">Accepted events</caption>
            <thead><tr><th scope="col">Metric</th><th scope="col">Address</th><th scope="col">Time</th><th scope="col" class="number">Value</th>
              <th scope="col">Account</th><th scope="col">Details</th></tr></thead>
            <tbody id="rows">{Rows(events)}</tbody>
          </table>
        </div>
        """, "arrived.js");

    /// <summary>What changes while the page is open: the summary, the faults and the rows that are new.</summary>
    public static object News(IReadOnlyList<ReceivedEvent> all, IReadOnlyList<ReceivedEvent> added, IReadOnlyList<Fault> faults, long throttled) => new
    {
        last = all.Count == 0 ? 0 : all[^1].Sequence,
        total = all.Count,
        added = added.Count,
        rows = Rows(added),
        summary = Summary(all, throttled),
        faults = Faults(faults),
    };

    private static string Rows(IReadOnlyList<ReceivedEvent> events) => Html.Join(events.Reverse().Take(Shown), Row);

    private static string Row(ReceivedEvent one) => $"""
        <tr>
          <td data-label="Metric"><strong>{Html.Encode(one.Metric)}</strong></td>
          <td data-label="Address">{(one.Email is { } email ? ProfilePage.Link(email) : "no address")}</td>
          <td data-label="Time">{Html.Time(one.Time)}</td>
          <td data-label="Value" class="number">{Html.Encode(Value(one))}</td>
          <td data-label="Account">{Html.Encode(DemoAccounts.Find(one.Account)?.Name)}</td>
          <td data-label="Details">{Details(one)}</td>
        </tr>
        """;

    internal static string Details(ReceivedEvent one) => $"""
        <details><summary>Properties<span class="unseen"> of {Html.Encode(one.Metric)}, {Html.Encode(one.Email)}</span></summary>
        <dl><dt>unique_id</dt><dd><code>{Html.Encode(one.UniqueId)}</code></dd><dt>via</dt><dd>{one.Via}{(one.Backfill ? ", backfill" : "")}</dd></dl>
        <pre tabindex="0" aria-label="Properties">{Html.Encode(JsonSerializer.Serialize(one.Properties, s_indented))}</pre>
        <pre tabindex="0" aria-label="Profile">{Html.Encode(JsonSerializer.Serialize(one.Profile, s_indented))}</pre></details>
        """;

    internal static string Value(ReceivedEvent one) => one.Value is { } value
        ? $"{value.ToString("#,##0.00", CultureInfo.InvariantCulture)} {one.ValueCurrency}".TrimEnd()
        : "–";

    private static string Summary(IReadOnlyList<ReceivedEvent> events, long throttled) => Metrics(events)
        + $"<p class=\"muted\">{(throttled == 1 ? "1 call was" : $"{throttled} calls were")} throttled (429).</p>";

    private static string Metrics(IReadOnlyList<ReceivedEvent> events) => events.Count == 0
        ? """
          <div class="card empty"><h2>Nothing has arrived yet</h2>
          <p>Connect the demo store in the admin, switch <em>Is Enabled</em> to Yes, then play a shopper in the <a href="/shop">demo shop</a>
          and press <em>Sync now</em> for Events. Rows appear here by themselves.</p></div>
          """
        : $"""
          <h2 class="unseen">Count per metric</h2>
          <ul class="counts">{Html.Join(events.CountBy(one => one.Metric).OrderByDescending(pair => pair.Value), pair => $"<li>{Html.Encode(pair.Key)} <b>{pair.Value}</b></li>")}</ul>
          {(events.Count > Shown ? $"<p class=\"muted\">The newest {Shown} of {events.Count} are shown; <a href=\"/sandbox/events\">all as JSON</a>.</p>" : "")}
          """;

    private static string Faults(IReadOnlyList<Fault> faults) => faults.Count == 0 ? "" : $"""
        <section class="card alert" aria-labelledby="faults-on"><h2 id="faults-on">Faults are switched on</h2>
        <ul>{Html.Join(faults, fault => $"<li><code>{Html.Encode(fault.Match)}</code>: {Html.Encode(Sentence(fault))}</li>")}</ul>
        <form method="post" action="/klaviyo/faults/clear"><p class="buttons"><button>Clear faults</button> <a href="/faults" class="button">Change</a></p></form></section>
        """;

    private static string Sentence(Fault fault) =>
        FaultWords.Describe(fault) + (fault.Where is { } where ? $", where the body contains \"{where}\"" : "")
        + (fault.Times is { } times ? $", {times} more" : ", until cleared");
}
