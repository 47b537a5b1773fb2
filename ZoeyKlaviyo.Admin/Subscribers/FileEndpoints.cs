using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Subscribers.Files;

namespace ZoeyKlaviyo.Admin.Subscribers;

/// <summary><c>GET /stores/{store}/subscribers/files/{id}</c>: a file that a run has made, as a download.</summary>
internal static class FileEndpoints
{
    public static void MapSubscriberFiles(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/stores/{store}/subscribers/files/{file:long}", DownloadAsync);

    private static async Task<IResult> DownloadAsync(HttpContext context, long file, SubscriberFiles files)
    {
        try
        {
            if (await files.FindAsync(context.Store(), file, context.RequestAborted) is not { } found)
                return Results.NotFound();
            // Addresses of people: not for a cache on the way.
            context.Response.Headers.CacheControl = "no-store";
            return Results.Stream(files.Open(found), "text/csv; charset=utf-8", found.Name);
        }
        catch (AccessDeniedException exception)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status403Forbidden);
        }
    }
}
