using Microsoft.Extensions.Primitives;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

/// <summary>The query of <c>/oauth/authorize</c>, valid when <see cref="Problem"/> is null.</summary>
internal sealed record AuthorizationRequest(string RedirectUri, IReadOnlyList<string> Scopes, string State, string CodeChallenge, string? Problem)
{
    public static readonly IReadOnlyList<string> Names =
        ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge_method", "code_challenge"];

    public static AuthorizationRequest Read(Func<string, StringValues> parameter, SandboxOptions options)
    {
        string Text(string name) => parameter(name).ToString();
        var scopes = Text("scope").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var problem = Text("client_id") != options.ClientId ? "The client_id is not that of a known app."
            : !options.IsAllowedRedirect(Text("redirect_uri")) ? "The redirect_uri is not one of the app's."
            : Text("response_type") != "code" ? "The response_type must be code."
            : scopes.Length == 0 ? "The scope is missing."
            : scopes.FirstOrDefault(scope => !OAuthScopes.IsKnown(scope)) is { } unknown ? $"The scope {unknown} does not exist."
            : Text("state").Length == 0 ? "The state is missing."
            : Text("code_challenge_method") != "S256" ? "The code_challenge_method must be S256."
            : !Pkce.IsChallenge(Text("code_challenge")) ? "The code_challenge must be a SHA-256 hash in base64url, 43 characters."
            : null;
        return new(Text("redirect_uri"), scopes, Text("state"), Text("code_challenge"), problem);
    }

    public string RedirectWith(params (string Name, string Value)[] results)
    {
        var query = string.Join('&', results.Append(("state", State)).Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2)}"));
        return RedirectUri + (RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;
    }
}
