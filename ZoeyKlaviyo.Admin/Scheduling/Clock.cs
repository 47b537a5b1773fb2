using Coravel;
using Coravel.Invocable;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZoeyKlaviyo.Admin.Connection;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Scheduling;

/// <summary>Coravel's only entry: once a minute, queue what is due. What is due is decided by the database, not by Coravel.</summary>
internal sealed class QueueDueRuns(DueRuns dueRuns) : IInvocable, ICancellableInvocable
{
    public CancellationToken CancellationToken { get; set; }

    public Task Invoke() => dueRuns.QueueAsync(CancellationToken);
}

/// <summary>Runs what is queued, for as long as the process lives.</summary>
internal sealed class RunWorker(RunDispatcher dispatcher) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => dispatcher.RunAsync(stoppingToken);
}

/// <summary>The clock has come by, and queued runs were looked for, within the last three minutes.</summary>
internal sealed class SchedulerHealth(DueRuns dueRuns, RunDispatcher dispatcher, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly DateTimeOffset _startedUtc = time.GetUtcNow();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var late = new[] { ("The clock", dueRuns.LastCheckUtc), ("The look for queued runs", dispatcher.LastLookUtc) }
            .Where(part => time.GetUtcNow() - (part.Item2 ?? _startedUtc) >= s_patience)
            .Select(part => part.Item2 is { } last ? $"{part.Item1} last came by at {last:u}." : $"{part.Item1} has not come by since the start.")
            .ToList();
        return Task.FromResult(late.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(string.Join(' ', late)));
    }
}

internal static partial class Clock
{
    public static void AddClock(this IServiceCollection services)
    {
        services.AddScheduler();
        services.AddTransient<QueueDueRuns>();
        services.AddHostedService<RunWorker>();
        services.AddHostedService<TokenKeeper>();
    }

    public static void UseClock(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(QueueDueRuns).FullName!);
        app.Services
            .UseScheduler(scheduler => scheduler.Schedule<QueueDueRuns>().Cron("* * * * *").Zoned(TimeZoneInfo.Utc).PreventOverlapping(nameof(QueueDueRuns)))
            .OnError(exception =>
            {
                if (exception is not OperationCanceledException)
                    Log.Failed(logger, exception);
            });
    }

    private static partial class Log
    {
        [LoggerMessage(600, LogLevel.Error, "What is due could not be queued; it is tried again in a minute")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
