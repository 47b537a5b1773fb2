namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>Section <c>Sync</c>. All schedules are UTC.</summary>
public sealed class SyncOptions
{
    /// <summary>Five-field cron expressions by kind; <see cref="SyncKind.Retries"/> has none, it follows <see cref="RetryEvery"/>.</summary>
    public Dictionary<string, string> Schedules { get; set; } = [];

    public TimeSpan RetryEvery { get; set; } = TimeSpan.FromHours(10);

    /// <summary>Runs at once, over all stores and lanes of this process.</summary>
    public int MaxParallelRuns { get; set; } = 8;
}
