using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;

internal sealed class AccountOperations : IApiOperations
{
    public IReadOnlyDictionary<string, ApiHandler> Handlers { get; } = new Dictionary<string, ApiHandler>
    {
        ["get_accounts"] = new(call => ApiAnswer.Ok(new JsonObject
        {
            ["data"] = new JsonArray(Resource(call)),
            ["links"] = new JsonObject { ["self"] = call.Link("/api/accounts/"), ["next"] = null, ["prev"] = null },
        })),
        ["get_account"] = new(call => call.Id == call.Account
            ? ApiAnswer.Ok(ApiResource.One(Resource(call)))
            : ApiAnswer.NotFound("account", call.Id)),
    };

    private static JsonObject Resource(ApiCall call)
    {
        var account = DemoAccounts.Find(call.Account)!;
        return ApiResource.Of(call, "account", account.Id, new JsonObject
        {
            ["test_account"] = false,
            ["contact_information"] = new JsonObject
            {
                ["default_sender_name"] = account.Name,
                ["default_sender_email"] = account.Email,
                ["website_url"] = account.Website,
                ["organization_name"] = account.Name,
                ["street_address"] = new JsonObject
                {
                    ["address1"] = "1 Anvil Street",
                    ["address2"] = "",
                    ["city"] = account.Currency == "EUR" ? "Berlin" : "Boston",
                    ["region"] = account.Currency == "EUR" ? "Berlin" : "MA",
                    ["country"] = account.Currency == "EUR" ? "Germany" : "United States",
                    ["zip"] = account.Currency == "EUR" ? "10115" : "02111",
                },
            },
            ["industry"] = "Hardware",
            ["timezone"] = account.TimeZone,
            ["preferred_currency"] = account.Currency,
            ["public_api_key"] = account.Id,
            ["locale"] = account.Locale,
        });
    }
}
