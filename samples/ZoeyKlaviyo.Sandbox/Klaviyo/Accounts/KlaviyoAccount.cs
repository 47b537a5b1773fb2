namespace ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;

/// <param name="Id">The six-character public key, which is also the account's id.</param>
public sealed record KlaviyoAccount(string Id, string Name, string Email, string Website, string Currency, string TimeZone, string Locale);
