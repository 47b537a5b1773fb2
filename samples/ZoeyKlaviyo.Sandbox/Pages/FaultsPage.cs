using ZoeyKlaviyo.Sandbox.Faults;

namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class FaultsPage
{
    public const string Path = "/faults";

    public static string Render(IReadOnlyList<Fault> active, FaultForm form, IReadOnlyDictionary<string, string> problems) => Layout.Page("Faults", Path, $"""
        <p class="lead">Make the stand-in for Klaviyo fail, to see what the admin does then. The first fault that fits a request hits it.</p>
        {Problems(problems)}
        <section aria-labelledby="active"><h2 id="active">Switched on</h2>{Active(active)}</section>
        <form method="post" action="{Path}" class="card fields" aria-labelledby="add">
          <h2 id="add">Switch one on</h2>
          {Choice("kind", "What happens", form.Kind, FaultWords.Kinds.Select(kind => (kind.Name, $"{kind.Name}: {kind.Meaning}")), problems)}
          {Choice("endpoint", "Endpoint", form.Endpoint, FaultForm.Endpoints.Select(one => (one.Match, $"{one.Name}: {one.Match.Trim()}")), problems)}
          {Input("other", "Another endpoint", form.Other, "Part of METHOD /path?query. Used instead of the choice above.", problems)}
          {Input("times", "How many times", form.Times, "Empty: until it is removed.", problems, numeric: true)}
          {Input("seconds", "Seconds", form.Seconds, "Only throttle (Retry-After) and slow (delay). Empty: 1 and 5.", problems, numeric: true)}
          {Input("status", "Status", form.Status, "Only status, html and garbage. Empty: 500, 503 and 200.", problems, numeric: true)}
          {Input("where", "Part of the body", form.Where, "Only requests whose body has this text, as it is written in the JSON; refuse names the events that have it, or whose profile has.", problems)}
          <p class="buttons"><button class="primary">Switch on</button></p>
        </form>
        """, headTitle: problems.Count > 0 ? "Error: Faults" : null);

    private static string Active(IReadOnlyList<Fault> active) => active.Count == 0 ? "<p>No fault is on.</p>" : $"""
        <table class="stacked">
          <caption class="unseen">Faults that are on</caption>
          <thead><tr><th scope="col">Endpoint</th><th scope="col">What happens</th><th scope="col">Part of the body</th><th scope="col">How often</th>
            <th scope="col"><span class="unseen">Remove</span></th></tr></thead>
          <tbody>{Html.Join(active, Row)}</tbody>
        </table>
        <form method="post" action="{Path}/clear"><p><button>Clear all</button></p></form>
        """;

    private static string Row(Fault fault) => $"""
        <tr>
          <td data-label="Endpoint"><code>{Html.Encode(fault.Match)}</code></td>
          <td data-label="What happens"><span><strong>{FaultWords.Name(fault.Kind)}</strong>: {Html.Encode(FaultWords.Describe(fault))}</span></td>
          <td data-label="Body has">{(fault.Where is null ? "–" : $"<code>{Html.Encode(fault.Where)}</code>")}</td>
          <td data-label="How often">{(fault.Times is { } times ? $"{times} more" : "until removed")}</td>
          <td data-label=""><form method="post" action="{Path}/{fault.Id}/remove"><button aria-label="Remove {FaultWords.Name(fault.Kind)} of {Html.Encode(fault.Match)}">Remove</button></form></td>
        </tr>
        """;

    private static string Problems(IReadOnlyDictionary<string, string> problems) => problems.Count == 0 ? "" : $"""
        <div class="card alert" role="alert"><h2>Nothing was switched on</h2>
        <ul>{Html.Join(problems, problem => $"<li><a href=\"#{problem.Key}\">{Label(problem.Key)}</a>: {Html.Encode(problem.Value)}</li>")}</ul></div>
        """;

    private static string Label(string field) => field switch
    {
        "kind" => "What happens",
        "endpoint" => "Endpoint",
        "times" => "How many times",
        "seconds" => "Seconds",
        _ => "Status",
    };

    private static string Choice(
        string name, string label, string value, IEnumerable<(string Value, string Text)> choices, IReadOnlyDictionary<string, string> problems) => $"""
        <p><label for="{name}">{label}</label>{Problem(name, problems)}
          <select id="{name}" name="{name}"{Invalid(name, problems)}>{Html.Join(choices, choice =>
            $"<option value=\"{choice.Value}\"{(choice.Value == value ? " selected" : "")}>{Html.Encode(choice.Text)}</option>")}</select></p>
        """;

    private static string Input(
        string name, string label, string value, string hint, IReadOnlyDictionary<string, string> problems, bool numeric = false) => $"""
        <p><label for="{name}">{label}</label>{Problem(name, problems)}
          <input id="{name}" name="{name}" value="{Html.Encode(value)}" autocomplete="off"{(numeric ? " inputmode=\"numeric\"" : " spellcheck=\"false\"")}{Invalid(name, problems, name + "-hint")}>
          <span id="{name}-hint" class="muted hint">{hint}</span></p>
        """;

    private static string Problem(string name, IReadOnlyDictionary<string, string> problems) =>
        problems.TryGetValue(name, out var problem) ? $"<strong id=\"{name}-problem\" class=\"problem\">{Html.Encode(problem)}</strong>" : "";

    private static string Invalid(string name, IReadOnlyDictionary<string, string> problems, string hint = "") =>
        problems.ContainsKey(name) ? $" aria-invalid=\"true\" aria-describedby=\"{name}-problem {hint}\""
        : hint.Length > 0 ? $" aria-describedby=\"{hint}\"" : "";
}
