using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Sandbox.Shop;

public sealed record ShopCustomer(string Id, string Email, ShopAddress Address)
{
    public static IReadOnlyList<ShopCustomer> All { get; } =
    [
        new("7", "jo@acme-customer.test", new("Jo", "Doe", "Acme Customer Ltd", ["1 Main St", "Suite 2"], "Springfield", "Illinois", "62701", "US", "+1 217 555 0100")),
        new("8", "sam@brightline.test", new("Sam", "Okafor", "Brightline Contractors", ["44 Quay Road"], "Bristol", null, "BS1 4QA", "GB", null)),
    ];

    /// <summary>Whoever logged in with a new address has none until the first order.</summary>
    [JsonIgnore]
    public bool HasAddress => Address.Street.Count > 0;

    [JsonIgnore]
    public string Name => $"{Address.FirstName} {Address.LastName}" is { Length: > 1 } name ? name : Email;
}
