using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Sandbox.Shop;

/// <param name="Status">As in Magento's table: 1 subscribed, 2 not active, 3 unsubscribed, 4 unconfirmed.</param>
/// <param name="CustomerId">Null for a guest.</param>
/// <param name="ChangeStatusAt">UTC; null, as Magento leaves it, until the status changes for the first time.</param>
public sealed record ShopSubscriber(string SubscriberId, string Email, int Status, string StoreId, string? CustomerId, DateTimeOffset? ChangeStatusAt)
{
    public const int Subscribed = 1;
    public const int NotActive = 2;
    public const int Unsubscribed = 3;
    public const int Unconfirmed = 4;

    /// <summary>The row is gone from the store's table.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRemoved { get; init; }
}
