using ZoeyKlaviyo.Sandbox.Shop;

namespace ZoeyKlaviyo.Sandbox.Zoey.Orders;

/// <summary>An order as the store's REST API shows it at the moment, with its lines.</summary>
internal interface IOrderJson
{
    string Write(ShopOrder order);
}
