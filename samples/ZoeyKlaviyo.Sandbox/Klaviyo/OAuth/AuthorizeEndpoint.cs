using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

internal sealed class AuthorizeEndpoint(SandboxOptions options, AuthorizationCodes codes)
{
    public const string Path = "/oauth/authorize";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, AskAsync);
        routes.MapPost(Path, DecideAsync);
    }

    private Task AskAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var request = AuthorizationRequest.Read(name => query[name], options);
        return request.Problem is { } problem
            ? context.WritePageAsync(ConsentPage.Refused(problem), StatusCodes.Status400BadRequest)
            : context.WritePageAsync(ConsentPage.Ask(request, AuthorizationRequest.Names.Select(name => (name, query[name].ToString()))));
    }

    private async Task DecideAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var request = AuthorizationRequest.Read(name => form[name], options);
        var account = DemoAccounts.Find(form["account"]);
        if ((request.Problem ?? (account is null ? "Choose an account." : null)) is { } problem)
        {
            await context.WritePageAsync(ConsentPage.Refused(problem), StatusCodes.Status400BadRequest);
            return;
        }
        context.Response.Redirect(form["decision"] == "allow"
            ? request.RedirectWith(("code", codes.Issue(request, account!.Id)))
            : request.RedirectWith(("error", "access_denied")));
    }
}
