using ZoeyKlaviyo.Core.Settings;

namespace ZoeyKlaviyo.Core.Events;

/// <summary>
/// Klaviyo's standard metric names: its ready-made flows look for exactly these
/// (developers.klaviyo.com, "Integrating a platform without a pre-built Klaviyo integration").
/// </summary>
public static class Metrics
{
    public const string ActiveOnSite = "Active on Site";
    public const string ViewedProduct = "Viewed Product";
    public const string AddedToCart = "Added to Cart";
    public const string StartedCheckout = "Started Checkout";
    public const string PlacedOrder = "Placed Order";
    public const string OrderedProduct = "Ordered Product";

    /// <summary>No metric of Klaviyo's: the payload tells it that somebody subscribed to the store's newsletter.</summary>
    public const string Subscribe = "Subscribe";

    /// <summary>As <see cref="Subscribe"/>: they unsubscribed.</summary>
    public const string Unsubscribe = "Unsubscribe";

    public static bool IsSubscription(string metric) => metric is Subscribe or Unsubscribe;

    /// <summary>What a shopper does while looking around: not sent for visitors who block tracking.</summary>
    public static bool IsBrowsing(string metric) => metric is ActiveOnSite or ViewedProduct or AddedToCart;

    public static Switch SwitchOf(string metric) => metric switch
    {
        ActiveOnSite => Switch.ActiveOnSite,
        ViewedProduct => Switch.ViewedProduct,
        AddedToCart => Switch.AddedToCart,
        StartedCheckout => Switch.StartedCheckout,
        PlacedOrder => Switch.PlacedOrder,
        OrderedProduct => Switch.OrderedProduct,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };
}
