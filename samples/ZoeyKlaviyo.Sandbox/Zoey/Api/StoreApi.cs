using ZoeyKlaviyo.Sandbox.Zoey.Authorization;

namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

/// <summary>
/// The store's REST API. The checks come in Magento's order: can an answer be written, who calls, is there such a resource, may the caller, then the call itself.
/// </summary>
internal sealed class StoreApi(IEnumerable<IStoreResource> resources, StoreAuthorization authorization, StoreState store)
{
    public const string Path = "/api/rest";

    private static readonly string[] s_mediaTypes = ["application/json", "application/*", "*/*"];

    private readonly List<StoreRoute> _routes = [.. resources.SelectMany(resource => resource.Routes)];

    public Task HandleAsync(HttpContext context)
    {
        var accepted = context.Request.Headers.Accept.ToString();
        if (accepted.Length == 0)
            return WriteTextAsync(context, StatusCodes.Status500InternalServerError, "Service temporary unavailable");
        return accepted.Split(',').Select(type => type.Split(';')[0].Trim()).Any(type => s_mediaTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
            ? Answer(context.Request).WriteAsync(context)
            : WriteTextAsync(context, StatusCodes.Status406NotAcceptable, "Server can not understand Accept HTTP header media type.");
    }

    private StoreAnswer Answer(HttpRequest request)
    {
        var quirks = store.Quirks;
        if (authorization.FindProblem(request, out var isGuest) is { } problem)
            return StoreAnswer.Refused(401, problem);
        var path = request.Path.Value![Path.Length..].Trim('/').Split('/');
        if (quirks.Missing.Contains(path[0]) || (path[0] == "newsletter" && !quirks.Subscribers))
            return StoreAnswer.NoRoute;
        if (_routes.Find(route => route.Match(path) is not null) is not { } route)
            return StoreAnswer.NoRoute;
        if (quirks.Forbidden.Contains(path[0]) || (isGuest && !route.IsForGuests))
            return StoreAnswer.Denied;
        return HttpMethods.IsGet(request.Method)
            ? route.Answer(new(request, new(request.QueryString.ToString()), route.Match(path)!, isGuest, quirks))
            : StoreAnswer.WrongMethod;
    }

    private static Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
