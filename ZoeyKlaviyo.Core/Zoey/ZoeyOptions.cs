namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>The section <c>Zoey</c>: what differs between stores' REST APIs, as not all of it is documented.</summary>
public sealed class ZoeyOptions
{
    public ZoeyEndpoints Endpoints { get; set; } = new();

    /// <summary>The product attribute that holds the id of a variant's configurable product.</summary>
    public string ParentAttribute { get; set; } = "parent_id";

    /// <summary>Statuses of orders that are not placed yet, or never will be.</summary>
    public List<string> OrderStatusesNotPlaced { get; set; } = [];

    /// <summary>An IANA name: the zone of times that come without one.</summary>
    public string TimeZone { get; set; } = "UTC";

    public double MaxRequestsPerSecond { get; set; } = 4;
}

/// <summary>Paths under <c>{BaseUrl}/api/rest</c>.</summary>
public sealed class ZoeyEndpoints
{
    public string Products { get; set; } = "products";

    public string Stock { get; set; } = "stockitems";

    public string Categories { get; set; } = "categories";

    public string Orders { get; set; } = "orders";

    public string Subscribers { get; set; } = "newsletter/subscribers";
}
