using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class ConsentPage
{
    public static string Ask(AuthorizationRequest request, IEnumerable<(string Name, string Value)> parameters) => Layout.Page("Connect to Klaviyo", "", $"""
        <p class="note">This stands in for Klaviyo's own page. Nothing leaves this machine.</p>
        <form method="post" action="{AuthorizeEndpoint.Path}" class="card consent">
          {Html.Join(parameters, parameter => $"<input type=\"hidden\" name=\"{parameter.Name}\" value=\"{Html.Encode(parameter.Value)}\">")}
          <p><strong>ZoeyKlaviyo</strong> asks for access to a Klaviyo account.</p>
          <fieldset>
            <legend>Account</legend>
            {Html.Join(DemoAccounts.All, AccountChoice)}
          </fieldset>
          <h2>It will be able to</h2>
          <ul class="scopes">{Html.Join(request.Scopes, scope => $"<li>{OAuthScopes.Meaning(scope)} <code>{scope}</code></li>")}</ul>
          <p class="muted">You return to <code>{Html.Encode(request.RedirectUri)}</code>.</p>
          <p class="buttons">
            <button name="decision" value="allow" class="primary">Allow</button>
            <button name="decision" value="cancel">Cancel</button>
          </p>
        </form>
        """);

    public static string Refused(string problem) => Layout.Page("This link does not work", "", $"""
        <p class="card alert" role="alert">{Html.Encode(problem)}</p>
        <p>The app that sent you here has to correct its request. Go back to it and start again.</p>
        """);

    private static string AccountChoice(KlaviyoAccount account) => $"""
        <label class="choice"><input type="radio" name="account" value="{account.Id}"{(account == DemoAccounts.AcmeTools ? " checked" : "")}>
        <span>{account.Name} <code>{account.Id}</code></span></label>
        """;
}
