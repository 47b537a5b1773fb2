using Microsoft.AspNetCore.Routing;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

internal sealed class ShopEndpoints(CatalogPages catalog, CartPages cart, CheckoutPages checkout, AccountPages account, TeamPages team)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        catalog.Map(routes);
        cart.Map(routes);
        checkout.Map(routes);
        account.Map(routes);
        team.Map(routes);
    }
}
