using System.Globalization;
using ZoeyKlaviyo.Sandbox.Faults;

namespace ZoeyKlaviyo.Sandbox.Pages;

/// <summary>What was typed on the page of faults, as it was typed.</summary>
internal sealed record FaultForm(string Kind, string Endpoint, string Other, string Times, string Seconds, string Status, string Where)
{
    public static IReadOnlyList<(string Match, string Name)> Endpoints { get; } =
    [
        ("POST /api/event", "Events, single and bulk"),
        ("POST /api/events", "Create event"),
        ("POST /api/event-bulk-create-jobs", "Bulk create events"),
        ("GET /api/accounts", "Accounts"),
        ("GET /api/metrics", "Metrics"),
        ("GET /api/lists", "Lists"),
        ("POST /api/lists", "Create list"),
        ("GET /api/profiles", "Profiles"),
        ("POST /api/profile-subscription-bulk-create-jobs", "Subscribe"),
        ("POST /api/profile-subscription-bulk-delete-jobs", "Unsubscribe"),
        ("POST /api/catalog-", "Catalog jobs"),
        ("GET /api/catalog-", "Catalog, read and polled"),
        ("relationships/categories", "An item's categories"),
        ("POST /oauth/token", "Tokens"),
        ("POST /oauth/revoke", "Revoke"),
        (" /api/", "Everything but tokens"),
    ];

    public static FaultForm Empty { get; } = new("status", Endpoints[0].Match, "", "1", "", "", "");

    public static FaultForm Read(IFormCollection form)
    {
        string Text(string name) => form[name].ToString();
        return new(Text("kind"), Text("endpoint"), Text("other"), Text("times"), Text("seconds"), Text("status"), Text("where"));
    }

    /// <summary>The fault, or by field what is wrong with it.</summary>
    public Fault? ToFault(out IReadOnlyDictionary<string, string> problems)
    {
        var found = new Dictionary<string, string>();
        var kind = FaultWords.Kinds.Where(one => one.Name == Kind).Select(one => (FaultKind?)one.Kind).FirstOrDefault();
        if (kind is null)
            found["kind"] = "Choose what happens.";
        var match = Other.Trim() is { Length: > 0 } other ? other : Endpoint;
        if (match.Length == 0)
            found["endpoint"] = "Choose an endpoint or enter another one.";
        var times = Number("times", Times, 1, 1_000_000);
        var seconds = Number("seconds", Seconds, 0, 3600);
        var status = Number("status", Status, 200, 599);
        problems = found;
        return found.Count > 0 ? null : new(match, kind!.Value, status, seconds, times, Where.Length == 0 ? null : Where);

        int? Number(string field, string text, int least, int most)
        {
            if (text.Trim().Length == 0)
                return null;
            if (int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most)
                return number;
            found[field] = string.Create(CultureInfo.InvariantCulture, $"Enter a whole number from {least} to {most:N0}, or nothing.");
            return null;
        }
    }
}
