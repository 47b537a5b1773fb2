using System.Globalization;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Faults;

namespace ZoeyKlaviyo.Sandbox.Pages;

internal sealed class FaultPages(FaultSwitch faults)
{
    private static readonly Dictionary<string, string> s_noProblems = [];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(FaultsPage.Path, context => context.WritePageAsync(FaultsPage.Render(faults.Active, FaultForm.Empty, s_noProblems)));
        routes.MapPost(FaultsPage.Path, AddAsync);
        routes.MapPost(FaultsPage.Path + "/{id:int}/remove", context =>
        {
            faults.Remove(int.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture));
            return context.GoTo(FaultsPage.Path);
        });
        routes.MapPost(FaultsPage.Path + "/clear", context => ClearAndGoTo(context, FaultsPage.Path));
        routes.MapPost("/klaviyo/faults/clear", context => ClearAndGoTo(context, "/klaviyo"));
    }

    private async Task AddAsync(HttpContext context)
    {
        var form = FaultForm.Read(context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty);
        if (form.ToFault(out var problems) is not { } fault)
        {
            await context.WritePageAsync(FaultsPage.Render(faults.Active, form, problems), StatusCodes.Status400BadRequest);
            return;
        }
        faults.Add(fault);
        await context.GoTo(FaultsPage.Path);
    }

    private Task ClearAndGoTo(HttpContext context, string path)
    {
        faults.Clear();
        return context.GoTo(path);
    }
}
