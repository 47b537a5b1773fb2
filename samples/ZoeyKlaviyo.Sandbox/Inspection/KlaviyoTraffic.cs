using System.Text;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;
using ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

namespace ZoeyKlaviyo.Sandbox.Inspection;

/// <summary>Stands before everything a Klaviyo client calls: reads the body, lets faults strike, records the outcome.</summary>
internal sealed class KlaviyoTraffic(KlaviyoApi api, FaultSwitch faults, FaultEffects effects, RequestLog log, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var isApi = context.Request.Path.StartsWithSegments("/api");
        if (!isApi && context.Request.Path != TokenEndpoints.TokenPath && context.Request.Path != TokenEndpoints.RevokePath)
        {
            await next(context);
            return;
        }
        var at = time.GetUtcNow();
        var body = await ReadBodyAsync(context);
        var text = Encoding.UTF8.GetString(body.Span);
        var path = context.Request.Path.Value + context.Request.QueryString;
        var fault = faults.Take($"{context.Request.Method} {path}", text);
        var status = 0;
        try
        {
            if (fault is null)
                await ProceedAsync();
            else
                await effects.ApplyAsync(fault, context, ProceedAsync);
            status = fault?.Kind == FaultKind.Reset ? 0 : context.Response.StatusCode;
        }
        finally
        {
            log.Add(new(context.Request.Method, path, status, at, text, fault?.Kind));
            if (fault?.Kind is FaultKind.Reset or FaultKind.LostAnswer)
                context.Abort();
        }

        Task ProceedAsync() => isApi ? api.HandleAsync(context, body) : next(context);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext context)
    {
        var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while (buffer.Length <= KlaviyoApi.MaxBodyBytes && (read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
            buffer.Write(chunk, 0, read);
        buffer.Position = 0;
        context.Request.Body = buffer;
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
