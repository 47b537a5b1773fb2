namespace ZoeyKlaviyo.Core.Stores.Api;

/// <summary>Addresses that credentials are sent to.</summary>
internal static class WebAddress
{
    public const string Rule = "must be an absolute https address; http is only for this computer itself";

    /// <summary>Absolute, without a user, a query or a fragment, and https unless it is this computer's own.</summary>
    public static bool IsSafe(string? text) =>
        Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;
}
