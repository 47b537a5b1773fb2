using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Admin.SignIn;
using ZoeyKlaviyo.Admin.Stores;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;

namespace ZoeyKlaviyo.Admin.Connection;

/// <summary>The two ends of the journey to Klaviyo's consent page.</summary>
internal static class ConnectEndpoints
{
    private const string CallbackPath = "/connect/klaviyo/callback";

    /// <summary>Tells Manage Connection what came of it, as a <see cref="ConnectOutcome"/> by name.</summary>
    public const string OutcomeParameter = "connect";

    public static void MapConnect(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/stores/{store}/connect/klaviyo", StartAsync).DisableAntiforgery();
        endpoints.MapGet(CallbackPath, FinishAsync);
    }

    private static async Task<IResult> StartAsync(HttpContext context, KlaviyoConnector connector, PublicAddress address)
    {
        try
        {
            var consent = await connector.StartAsync(context.Store(), address.Of(context.Request) + CallbackPath, context.RequestAborted);
            return Results.Redirect(consent.AbsoluteUri);
        }
        catch (AccessDeniedException exception)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status403Forbidden);
        }
        catch (InvalidOperationException exception)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> FinishAsync(
        HttpContext context, string? state, string? code, string? error, KlaviyoConnector connector, StoreAccess access)
    {
        var person = PersonFactory.From(context.User);
        var store = person is not null && KlaviyoConnector.StoreKeyOf(state) is { } key
            ? await access.OpenAsync(person, key, context.RequestAborted)
            : null;
        if (store is null)
            return Results.LocalRedirect($"/stores?{OutcomeParameter}={ConnectOutcome.StateUnknown}");
        var outcome = store.MayManage
            ? await connector.FinishAsync(store, new ConnectCallback(state, code, error), context.RequestAborted)
            : ConnectOutcome.StateUnknown;
        return Results.LocalRedirect($"{StorePaths.ManageConnection(store.Key)}?{OutcomeParameter}={outcome}");
    }
}

/// <summary>The address that people and Klaviyo reach this application at: <c>Public:BaseUrl</c>, or the request's own.</summary>
internal sealed class PublicAddress(IConfiguration configuration)
{
    private readonly string? _configured = configuration["Public:BaseUrl"] is { Length: > 0 } url ? url.TrimEnd('/') : null;

    public string Of(HttpRequest request) => _configured ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
}
