namespace ZoeyKlaviyo.Core.Klaviyo;

/// <param name="Id">Six characters; Klaviyo also calls it the public key.</param>
public sealed record KlaviyoAccount(string Id, string Name);

/// <summary>Whose call it is: limits count per account.</summary>
/// <param name="AccountId">Empty while the account is not known yet.</param>
public sealed record KlaviyoCredential(string AccountId, string AccessToken);
