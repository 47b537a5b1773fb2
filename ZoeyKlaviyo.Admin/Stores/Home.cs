using ZoeyKlaviyo.Admin.SignIn;
using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Admin.Stores;

internal static class Home
{
    public static void MapHome(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/", OpenAsync);

    private static async Task<IResult> OpenAsync(HttpContext context, StoreAccess access)
    {
        var person = PersonFactory.From(context.User);
        var stores = person is null ? [] : await access.ListAsync(person, context.RequestAborted);
        return Results.LocalRedirect(stores is [var only] ? StorePaths.Integrations(only.Key) : StorePaths.List);
    }
}
