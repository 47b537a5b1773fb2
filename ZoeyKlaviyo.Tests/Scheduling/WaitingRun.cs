using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Tests.Scheduling;

/// <summary>A sync that has Klaviyo do something, waits for it, and writes that it is done.</summary>
internal sealed class WaitingRun(SyncKind kind, TimeSpan wait, Func<Task>? afterwards = null) : ISyncRun
{
    public SyncKind Kind => kind;

    /// <param name="afterwards">Called when the wait is over and the run goes on.</param>
    public static Action<IServiceCollection> Of(SyncKind kind, TimeSpan wait, Func<Task>? afterwards = null) =>
        InPlaceOfItsKind(new WaitingRun(kind, wait, afterwards));

    public static Action<IServiceCollection> InPlaceOfItsKind(ISyncRun sync) => services =>
    {
        foreach (var own in services.Where(service => service.ServiceType == typeof(ISyncRun) && service.ImplementationType?.Name == $"{sync.Kind}Run").ToList())
            services.Remove(own);
        services.AddSingleton(sync);
    };

    public async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        await context.WaitAsync(wait, stop);
        if (afterwards is not null)
            await afterwards();
        await context.WriteAsync((_, run) => Task.FromResult(run.ProgressDone = 1), CancellationToken.None);
        return new RunOutcome(RunStatus.Succeeded, "Done.");
    }

    public Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken) => Task.CompletedTask;
}
