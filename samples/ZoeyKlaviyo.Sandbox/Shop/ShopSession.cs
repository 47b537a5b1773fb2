namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>What the shop knows of one browser. Whoever uses it holds its lock.</summary>
internal sealed class ShopSession(Cart cart)
{
    private readonly List<ShopMessage> _messages = [];

    public Cart Cart { get; set; } = cart;

    /// <summary>Null: nobody is logged in.</summary>
    public ShopCustomer? Customer { get; set; }

    /// <summary>A member of the store's team is logged in as the customer.</summary>
    public bool IsActingAdmin { get; set; }

    public bool IsTrackingBlocked { get; set; }

    /// <summary>Pages carry the JSON data layer instead of <c>data-zk-*</c> attributes.</summary>
    public bool UsesJsonLayer { get; set; }

    /// <summary>What was typed at a checkout that has not become an order yet.</summary>
    public CheckoutForm? Checkout { get; set; }

    public ShopOrder? LastOrder { get; set; }

    public void Say(string text) => _messages.Add(new(text, IsError: false));

    public void Complain(string text) => _messages.Add(new(text, IsError: true));

    /// <summary>Each message is shown once.</summary>
    public IReadOnlyList<ShopMessage> TakeMessages()
    {
        ShopMessage[] taken = [.. _messages];
        _messages.Clear();
        return taken;
    }
}

internal sealed record ShopMessage(string Text, bool IsError);
