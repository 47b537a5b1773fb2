namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

/// <summary>One request of a shopper, and the shop as that browser sees it.</summary>
internal sealed class Visit(HttpRequest request, IFormCollection form, ShopSession session, ShopCurrency currency)
{
    public ShopSession Session => session;

    public ShopCurrency Currency => currency;

    public string Path => request.Path.Value!;

    public string Route(string name) => (string)request.RouteValues[name]!;

    public string Text(string field) => ShopRules.Clean(form[field]);

    /// <summary>Back to the page whose form was sent.</summary>
    public ShopAnswer Back() =>
        Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var page) && page.AbsolutePath.StartsWith("/shop", StringComparison.Ordinal)
            ? ShopAnswer.GoTo(page.PathAndQuery)
            : ShopAnswer.GoTo("/shop");

    public string Money(decimal amount) => currency.Format(amount);
}

/// <summary>A page, or the address to go to.</summary>
internal sealed record ShopAnswer(ShopPage? Page, string? Location, int Status)
{
    public static ShopAnswer GoTo(string location) => new(null, location, StatusCodes.Status303SeeOther);

    public static implicit operator ShopAnswer(ShopPage page) => new(page, null, page.Status);
}

/// <param name="Title">Plain text.</param>
/// <param name="BodyClass">Magento's name of the page.</param>
/// <param name="Content">HTML, with the heading.</param>
internal sealed record ShopPage(string Title, string BodyClass, string Content)
{
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>From the top down, without the page itself.</summary>
    public IReadOnlyList<DemoCategory>? Crumbs { get; init; }

    public DemoProduct? Product { get; init; }

    public bool IsCheckout { get; init; }

    public static ShopPage NotFound { get; } = new("Page not found", "cms-no-route", """
        <h1>We do not have this page</h1>
        <p>The link may be old. The <a href="/shop">home page</a> has everything we sell.</p>
        """) { Status = StatusCodes.Status404NotFound };
}
