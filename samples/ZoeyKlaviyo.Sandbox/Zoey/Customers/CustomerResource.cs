using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Customers;

internal sealed class CustomerResource(CustomerBook customers) : IStoreResource
{
    private const string Created = "2024-01-02 03:04:05";

    private static readonly string[] s_attributes =
        ["entity_id", "website_id", "email", "group_id", "created_at", "created_in", "prefix", "firstname", "middlename", "lastname", "dob", "taxvat"];

    public IEnumerable<StoreRoute> Routes =>
    [
        new("customers", List),
        new("customers/{id}", call => One(call, customer => Detail(customer, call.Quirks))),
        new("customers/{id}/addresses", call => One(call, customer => customer.HasAddress ? new JsonArray(Address(customer)) : new JsonArray())),
    ];

    private StoreAnswer List(StoreCall call) =>
        new StoreCollection(call.Quirks.UpdatedAt ? [.. s_attributes, "updated_at"] : s_attributes, IsMap: true)
            .Answer(call, customers.Customers.Select(customer => new StoreRow(customer.Id, Body(customer, call.Quirks))));

    private StoreAnswer One(StoreCall call, Func<ShopCustomer, JsonNode> write) =>
        customers.Customers.FirstOrDefault(customer => customer.Id == call.Id) is { } customer ? StoreAnswer.Ok(write(customer)) : StoreAnswer.NoEntity;

    private static JsonObject Body(ShopCustomer customer, StoreQuirks quirks)
    {
        var body = new JsonObject
        {
            ["entity_id"] = customer.Id,
            ["website_id"] = "1",
            ["email"] = customer.Email,
            ["group_id"] = "1",
            ["created_at"] = Created,
            ["created_in"] = "Default Store View",
            ["disable_auto_group_change"] = "0",
            ["firstname"] = customer.Address.FirstName,
            ["lastname"] = customer.Address.LastName,
            ["zoey_unlisted"] = StoreFormats.Unlisted,
        };
        if (quirks.UpdatedAt)
            body["updated_at"] = Created;
        return body;
    }

    private static JsonObject Detail(ShopCustomer customer, StoreQuirks quirks)
    {
        var detail = Body(customer, quirks);
        detail["is_confirmed"] = "1";
        detail["last_logged_in"] = Created;
        return detail;
    }

    private static JsonObject Address(ShopCustomer customer)
    {
        var (address, body) = (customer.Address, new JsonObject
        {
            ["entity_id"] = "3" + customer.Id,
            ["firstname"] = customer.Address.FirstName,
            ["lastname"] = customer.Address.LastName,
            ["street"] = new JsonArray([.. customer.Address.Street]),
            ["city"] = customer.Address.City,
            ["country_id"] = customer.Address.CountryCode,
            ["is_default_billing"] = 1,
            ["is_default_shipping"] = 1,
        });
        foreach (var (name, value) in new[]
            { ("company", address.Company), ("region", address.Region), ("postcode", address.PostCode), ("telephone", address.Telephone) })
        {
            if (value is not null)
                body[name] = value;
        }
        return body;
    }
}
