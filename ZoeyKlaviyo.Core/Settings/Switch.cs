namespace ZoeyKlaviyo.Core.Settings;

/// <summary>A Yes/No setting of a store.</summary>
public enum Switch
{
    IsEnabled,
    AdminTracking,
    HistoricalSubscribers,
    ActiveOnSite,
    ViewedProduct,
    AddedToCart,
    StartedCheckout,
    PlacedOrder,
    OrderedProduct,
    Subscribers,
    Categories,
    Products,
    Variants,
}

public enum SwitchGroup
{
    General,
    Events,
    Subscribers,
    Catalog,
}

/// <param name="Name">The words of the product's help page, which are also the switch's accessible name.</param>
/// <param name="Help">One sentence, empty where the name says it all.</param>
public sealed record SwitchDefinition(Switch Switch, string Name, SwitchGroup Group, bool Default, string Help = "");

/// <summary>Every switch, in the order of the settings page.</summary>
public static class SwitchCatalog
{
    public static IReadOnlyList<SwitchDefinition> All { get; } =
    [
        new(Switch.IsEnabled, "Is Enabled", SwitchGroup.General, false, "The main switch. While it is No, nothing is recorded and nothing is sent; what already waits is held."),
        new(Switch.AdminTracking, "Enable Admin Tracking on Store", SwitchGroup.General, false, "Also send the events of a store admin who is logged in to a customer's account."),
        new(Switch.ActiveOnSite, "Active on Site", SwitchGroup.Events, true, "An identified shopper browses; once per visit."),
        new(Switch.ViewedProduct, "Viewed Product", SwitchGroup.Events, true, "A product page is viewed and the product is not in the cart."),
        new(Switch.AddedToCart, "Added to Cart", SwitchGroup.Events, true, "A product is put in the cart."),
        new(Switch.StartedCheckout, "Started Checkout", SwitchGroup.Events, true, "A checkout is begun and the address is known."),
        new(Switch.PlacedOrder, "Placed Order", SwitchGroup.Events, true, "An order is placed: the order, its items and the customer."),
        new(Switch.OrderedProduct, "Ordered Product", SwitchGroup.Events, true, "One for each line of an order."),
        new(Switch.Subscribers, "Subscribers", SwitchGroup.Subscribers, true, "Newsletter subscribers, daily."),
        new(Switch.HistoricalSubscribers, "Enable Historical Subscribers Sync", SwitchGroup.Subscribers, true, "Also send people who subscribed before Klaviyo was connected."),
        new(Switch.Categories, "Categories", SwitchGroup.Catalog, true, "New, changed and deleted categories, daily."),
        new(Switch.Products, "Products", SwitchGroup.Catalog, true, "New, changed and deleted products, daily."),
        new(Switch.Variants, "Variants", SwitchGroup.Catalog, true, "New, changed and deleted variants, daily."),
    ];

    private static readonly Dictionary<Switch, SwitchDefinition> s_byName = All.ToDictionary(definition => definition.Switch);

    /// <exception cref="KeyNotFoundException">The value is not a member of <see cref="Settings.Switch"/>.</exception>
    public static SwitchDefinition Of(Switch @switch) => s_byName[@switch];
}
