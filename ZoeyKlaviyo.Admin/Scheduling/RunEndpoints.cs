using System.Globalization;
using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Scheduling;

/// <param name="Kind">A <see cref="SyncKind"/> by name.</param>
internal sealed record RunRequest(string? Kind);

internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder endpoints) => endpoints.MapPost("/stores/{store}/runs", QueueAsync).DisableAntiforgery();

    private static async Task<IResult> QueueAsync(HttpContext context, RunRequest request, SyncCommands commands)
    {
        if (!SyncKinds.Scheduled.Select(kind => kind.ToString()).Contains(request.Kind))
        {
            return Results.ValidationProblem(new Dictionary<string, string[]>
            {
                ["kind"] = [$"must be one of {string.Join(", ", SyncKinds.Scheduled.Select(kind => kind.ToString()))}"],
            });
        }

        var kind = Enum.Parse<SyncKind>(request.Kind!);
        var queued = await commands.SyncNowAsync(context.Store(), kind, context.RequestAborted);
        var id = queued.RunId.ToString(CultureInfo.InvariantCulture);
        return Results.Accepted($"/stores/{context.Store().Key}/audit/{id}", new { run = id });
    }
}
