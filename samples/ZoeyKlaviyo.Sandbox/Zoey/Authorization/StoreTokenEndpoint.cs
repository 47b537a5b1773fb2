using System.Text;

namespace ZoeyKlaviyo.Sandbox.Zoey.Authorization;

/// <summary>OAuth 2 of the store: an access token for a refresh token (RFC 6749, section 6).</summary>
internal sealed class StoreTokenEndpoint(StoreTokens tokens, StoreState store)
{
    public const string Path = "/oauth2/token";

    private static readonly string s_credentials =
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SandboxOptions.StoreClientId}:{SandboxOptions.StoreClientSecret}"));

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsPost(context.Request.Method))
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        else if (context.Request.Headers.Authorization != s_credentials)
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "invalid_client");
        else if (!context.Request.HasFormContentType)
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_request");
        else
            await AnswerAsync(context, await context.Request.ReadFormAsync(context.RequestAborted));
    }

    private Task AnswerAsync(HttpContext context, IFormCollection form)
    {
        if (form["grant_type"] != "refresh_token")
            return RefuseAsync(context, StatusCodes.Status400BadRequest, "unsupported_grant_type");
        if (tokens.Refresh(form["refresh_token"].ToString(), store.Quirks.RotateRefreshTokens) is not { } refreshToken)
            return RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_grant");
        return context.Response.WriteAsJsonAsync(
            new
            {
                access_token = tokens.IssueAccess(),
                token_type = "Bearer",
                expires_in = (int)StoreTokens.AccessLifetime.TotalSeconds,
                refresh_token = refreshToken,
            },
            context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error }, context.RequestAborted);
    }
}
