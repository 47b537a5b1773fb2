using System.Text;
using Microsoft.AspNetCore.Routing;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

internal sealed class TokenEndpoints(SandboxOptions options, AuthorizationCodes codes, OAuthTokens tokens)
{
    public const string TokenPath = "/oauth/token";
    public const string RevokePath = "/oauth/revoke";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(TokenPath, ExchangeAsync);
        routes.MapPost(RevokePath, RevokeAsync);
    }

    private async Task ExchangeAsync(HttpContext context)
    {
        if (await ReadFormAsync(context) is not { } form)
            return;
        await (form["grant_type"].ToString() switch
        {
            "authorization_code" => ExchangeCodeAsync(context, form),
            "refresh_token" => RefreshAsync(context, form["refresh_token"].ToString()),
            _ => RefuseAsync(context, "unsupported_grant_type", "The grant_type must be authorization_code or refresh_token."),
        });
    }

    private Task ExchangeCodeAsync(HttpContext context, IFormCollection form)
    {
        var (code, redirectUri, verifier) = (form["code"].ToString(), form["redirect_uri"].ToString(), form["code_verifier"].ToString());
        if (code.Length == 0 || redirectUri.Length == 0 || verifier.Length == 0)
            return RefuseAsync(context, "invalid_request", "code, code_verifier and redirect_uri are required.");
        return codes.Redeem(code, redirectUri, verifier) is { } grant
            ? AnswerAsync(context, grant, tokens.IssueRefresh(grant))
            : RefuseAsync(context, "invalid_grant", "The code is unknown, used or expired, or its redirect_uri or code_verifier differs.");
    }

    private Task RefreshAsync(HttpContext context, string refreshToken)
    {
        if (tokens.ReadRefresh(refreshToken) is not { } grant)
            return RefuseAsync(context, "invalid_grant", "The refresh token is unknown or was revoked.");
        if (!options.RotateRefreshTokens)
            return AnswerAsync(context, grant, refreshToken);
        tokens.End(refreshToken);
        return AnswerAsync(context, grant, tokens.IssueRefresh(grant));
    }

    private async Task RevokeAsync(HttpContext context)
    {
        if (await ReadFormAsync(context) is not { } form)
            return;
        if (form["token"].ToString() is { Length: > 0 } token)
            tokens.EndGrantOf(token);
        else
            await RefuseAsync(context, "invalid_request", "token is required.");
    }

    private Task AnswerAsync(HttpContext context, Grant grant, string refreshToken) =>
        context.Response.WriteAsJsonAsync(new
        {
            access_token = tokens.IssueAccess(grant),
            refresh_token = refreshToken,
            expires_in = (int)options.AccessTokenLifetime.TotalSeconds,
            token_type = "bearer",
            scope = string.Join(' ', grant.Scopes),
        }, context.RequestAborted);

    private async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.ClientId}:{options.ClientSecret}"));
        if (context.Request.Headers.Authorization != "Basic " + credentials)
        {
            context.Response.Headers.WWWAuthenticate = "Basic";
            await RefuseAsync(context, "invalid_client", "The client id or secret is wrong.", StatusCodes.Status401Unauthorized);
        }
        else if (context.Request.HasFormContentType)
            return await context.Request.ReadFormAsync(context.RequestAborted);
        else
            await RefuseAsync(context, "unsupported_grant_type", "The body must be application/x-www-form-urlencoded.");
        return null;
    }

    private static Task RefuseAsync(HttpContext context, string error, string description, int status = StatusCodes.Status400BadRequest)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error, error_description = description }, context.RequestAborted);
    }
}
