using ZoeyKlaviyo.Core.Events.Intake;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Why an order waits or does not count: the words of <c>/collect</c>, as answers and records name them.</summary>
internal static class OrderReasons
{
    public const string NotConnected = IgnoredReasons.NotConnected;
    public const string BeforeConnection = IgnoredReasons.BeforeConnection;
    public const string Disabled = IgnoredReasons.Disabled;
    public const string FunctionOff = IgnoredReasons.FunctionOff;
    public const string ActingAdmin = IgnoredReasons.ActingAdmin;
    public const string Duplicate = IgnoredReasons.Duplicate;
    public const string NoAddress = "no_address";

    /// <summary>It waits for another status; as the reason of a skipped order: it did so for too long.</summary>
    public const string NotPlaced = "not_placed";

    /// <summary>It waits for what the store knows of its products.</summary>
    public const string Products = "products";

    /// <summary>The store gave it in a way that can't be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>A few words for people.</summary>
    public static string Words(string reason) => reason switch
    {
        BeforeConnection => "placed while the store was not connected to this Klaviyo account",
        Disabled => "placed while Is Enabled was No",
        FunctionOff => "placed while Placed Order and Ordered Product were No",
        ActingAdmin => "placed by team member",
        NoAddress => "no address",
        NotPlaced => "not placed within 7 days",
        Unreadable => "the store gave it in a way that can't be read",
        _ => reason,
    };
}
