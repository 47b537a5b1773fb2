using Microsoft.AspNetCore.Http.Extensions;

namespace ZoeyKlaviyo.Admin.Hosting;

/// <summary>Tells whether a browser sent a request from a page of this application. A request of no browser is accepted.</summary>
internal sealed class SameOrigin(IConfiguration configuration)
{
    private readonly string? _publicOrigin = OriginOf(configuration["Public:BaseUrl"]);

    public bool Allows(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none"))
            return false;
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || Is(origin, UriHelper.BuildAbsolute(request.Scheme, request.Host)) || Is(origin, _publicOrigin);
    }

    /// <summary>Scheme, host and port of an absolute address; null when it is none.</summary>
    public static string? OriginOf(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : null;

    private static bool Is(string origin, string? own) => own is not null && string.Equals(origin, own.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}

/// <summary>Marks an endpoint that pages of other origins may post to.</summary>
internal sealed class CrossOriginAllowed;

/// <summary>
/// Refuses what a foreign page made the browser send with our cookie: every method that may change something, and the
/// upgrade of the pages' WebSocket, which CORS does not cover. A new endpoint is protected unless it says otherwise.
/// </summary>
internal sealed class SameOriginMiddleware(RequestDelegate next, SameOrigin sameOrigin)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var safe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        var guarded = !safe || request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase);
        var exempt = context.GetEndpoint()?.Metadata.GetMetadata<CrossOriginAllowed>() is not null;
        return !guarded || exempt || sameOrigin.Allows(request)
            ? next(context)
            : Results.Problem("This address takes requests from its own pages only.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
    }
}

internal static class CrossOriginEndpoints
{
    /// <summary>For the public endpoints only, which use no cookie.</summary>
    public static TBuilder AllowCrossOrigin<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CrossOriginAllowed());
}
