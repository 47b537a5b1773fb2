namespace ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

/// <summary>What one consent gave; access and refresh tokens of it end together.</summary>
internal sealed record Grant(string Id, string Account, IReadOnlyList<string> Scopes);
