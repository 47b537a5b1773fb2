namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>What we ask for, and why, in the words of the connect panel.</summary>
public static class KlaviyoScopes
{
    /// <summary>Asked for at once, because a scope added later makes every store connect again.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "accounts:read", "events:read", "events:write", "metrics:read", "profiles:read", "profiles:write",
        "lists:read", "lists:write", "subscriptions:read", "subscriptions:write", "catalogs:read", "catalogs:write",
    ];

    public static IReadOnlyList<(string What, string Why)> Explained { get; } =
    [
        ("Account", "to show which Klaviyo account is connected"),
        ("Events and metrics", "to send what shoppers do, such as Placed Order"),
        ("Profiles", "to check somebody's consent before subscribing them"),
        ("Lists and subscriptions", "to pass on who subscribed to the newsletter and who left"),
        ("Catalog", "to keep categories, products and variants in step"),
    ];

    /// <summary>The entries of <see cref="Explained"/> that the scopes belong to, by name.</summary>
    public static IReadOnlyList<string> WhatFor(IEnumerable<string> scopes) => scopes
        .Select(scope => scope.Split(':')[0] switch
        {
            "accounts" => "Account",
            "events" or "metrics" => "Events and metrics",
            "profiles" => "Profiles",
            "lists" or "subscriptions" => "Lists and subscriptions",
            "catalogs" => "Catalog",
            var other => other,
        })
        .Distinct()
        .ToList();

    /// <summary>Scopes that we need and <paramref name="granted"/> lacks.</summary>
    public static IReadOnlyList<string> MissingFrom(string granted) =>
        All.Except(granted.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
}
