using Microsoft.AspNetCore.Http.Features;
using ZoeyKlaviyo.Sandbox.Zoey.Api;
using ZoeyKlaviyo.Sandbox.Zoey.Authorization;
using ZoeyKlaviyo.Sandbox.Zoey.Faults;

namespace ZoeyKlaviyo.Sandbox.Zoey.Inspection;

/// <summary>Stands before everything a client of the store calls: lets faults strike, records the outcome.</summary>
internal sealed class StoreTraffic(StoreApi api, StoreTokenEndpoint tokens, StoreState store, TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _last;

    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var isApi = context.Request.Path.StartsWithSegments(StoreApi.Path);
        if (!isApi && context.Request.Path != StoreTokenEndpoint.Path)
        {
            await next(context);
            return;
        }
        var at = time.GetUtcNow();
        var path = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var fault = store.Faults.Take(path);
        var status = 0;
        try
        {
            if (fault is null)
                await ProceedAsync();
            else
                await StoreFaultEffects.ApplyAsync(fault, context, time, ProceedAsync);
            status = fault?.Kind == StoreFaultKind.Reset ? 0 : context.Response.StatusCode;
        }
        finally
        {
            var (scheme, agent) = (context.Request.Headers.Authorization.ToString().Split(' ')[0], context.Request.Headers.UserAgent.ToString());
            store.Requests.Add(new(
                context.Request.Method, path, status, at, scheme.Length == 0 ? null : scheme, agent.Length == 0 ? null : agent, fault?.Kind));
            if (fault?.Kind == StoreFaultKind.Reset)
                context.Abort();
        }

        async Task ProceedAsync()
        {
            if (!isApi)
                await tokens.HandleAsync(context);
            else if (IsTooSoon(at))
                await StoreAnswer.Throttled(1).WriteAsync(context);
            else if (store.Quirks.Redirect)
                StoreFaultEffects.Redirect(context, StatusCodes.Status301MovedPermanently);
            else
                await api.HandleAsync(context);
        }
    }

    private bool IsTooSoon(DateTimeOffset at)
    {
        lock (_lock)
        {
            if (at - _last < TimeSpan.FromMilliseconds(store.Quirks.MinimumIntervalMs))
                return true;
            _last = at;
            return false;
        }
    }
}
