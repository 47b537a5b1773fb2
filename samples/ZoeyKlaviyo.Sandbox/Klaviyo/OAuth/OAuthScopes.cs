namespace ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

internal static class OAuthScopes
{
    private static readonly Dictionary<string, string> s_meanings = new(StringComparer.Ordinal)
    {
        ["accounts:read"] = "See the account's name, currency and time zone",
        ["catalogs:read"] = "See products, variants and categories of the catalog",
        ["catalogs:write"] = "Add, change and delete products, variants and categories",
        ["events:read"] = "See what profiles did",
        ["events:write"] = "Record what profiles do, such as orders and visits",
        ["lists:read"] = "See lists",
        ["lists:write"] = "Create lists and change who is on them",
        ["metrics:read"] = "See metrics",
        ["profiles:read"] = "See profiles and their consent",
        ["profiles:write"] = "Create and change profiles",
        ["subscriptions:read"] = "See who is subscribed",
        ["subscriptions:write"] = "Subscribe and unsubscribe people",
        ["webhooks:read"] = "See webhooks",
        ["webhooks:write"] = "Create, change and delete webhooks",
    };

    public static bool IsKnown(string scope) => s_meanings.ContainsKey(scope);

    public static string Meaning(string scope) => s_meanings[scope];
}
