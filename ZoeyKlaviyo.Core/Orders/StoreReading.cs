using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>
/// How long an Events run goes on asking a store: what waits to be sent must not wait for a slow one, nor for thousands of old orders. What is
/// left over is read by the next run.
/// </summary>
internal sealed class StoreReading(TimeProvider time)
{
    /// <summary>One record that a store can't give is that record's affair; several are the store's.</summary>
    private const int MaxFailures = 3;

    private static readonly TimeSpan s_budget = TimeSpan.FromMinutes(3);
    private readonly DateTimeOffset _from = time.GetUtcNow();
    private int _failures;

    /// <summary>Why the store is asked no more; null when it is, or when the time alone is over.</summary>
    public ZoeyException? Problem { get; private set; }

    public bool IsOver => Problem is not null || time.GetUtcNow() - _from >= s_budget;

    /// <summary>Time for the products of the orders that were read until then, so that these can go.</summary>
    public bool IsHalfOver => Problem is not null || time.GetUtcNow() - _from >= s_budget / 2;

    /// <summary>Notes that a question may be answered another time. A store that does not answer at all is not asked again in this run.</summary>
    public void Failed(ZoeyException exception)
    {
        if (exception.HttpStatus is null || ++_failures >= MaxFailures)
            Problem ??= exception;
    }
}
