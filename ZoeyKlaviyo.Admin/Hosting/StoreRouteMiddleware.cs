using Microsoft.AspNetCore.Authorization;
using ZoeyKlaviyo.Admin.SignIn;
using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Admin.Hosting;

/// <summary>
/// Answers 404 to whatever lies under a store that the person can't open, page or not, so that an endpoint can't forget to ask.
/// </summary>
internal sealed class StoreRouteMiddleware(RequestDelegate next, StoreAccess access)
{
    private static readonly object s_key = new();

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint
            && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
            && context.GetRouteValue("store") is string key)
        {
            var person = PersonFactory.From(context.User);
            var store = person is null ? null : await access.OpenAsync(person, key, context.RequestAborted);
            if (store is null)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            context.Items[s_key] = store;
        }

        await next(context);
    }

    internal static AuthorizedStore StoreOf(HttpContext context) =>
        context.Items[s_key] as AuthorizedStore ?? throw new InvalidOperationException("The route has no {store}, or the endpoint is anonymous.");
}

internal static class StoreRoute
{
    /// <summary>The store of the route's <c>{store}</c>, which the person was found to have access to.</summary>
    public static AuthorizedStore Store(this HttpContext context) => StoreRouteMiddleware.StoreOf(context);
}
