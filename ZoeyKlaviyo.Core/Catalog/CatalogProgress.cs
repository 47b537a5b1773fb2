using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>How far a run of the catalog is, and whether it may go on. The reading and the sending side both write to it.</summary>
internal sealed class CatalogProgress(TimeProvider time)
{
    private const int MostImagesMissed = 5;
    private static readonly TimeSpan s_rateWindow = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset Utc, int Done)> _samples = new();
    private readonly List<string> _missed = [];

    public int Read { get; private set; }

    public int Unchanged { get; private set; }

    /// <summary>Records that Klaviyo took or refused.</summary>
    public int Settled { get; private set; }

    public int Waiting { get; set; }

    public int Held { get; set; }

    public int ImagesRead { get; set; }

    public int ImagesMissed { get; private set; }

    public bool AreImagesOver { get; private set; }

    /// <summary>The store is still read, or what was read is compared.</summary>
    public bool IsReading { get; set; } = true;

    /// <summary>A list was read to its end, and is compared as a whole.</summary>
    public bool IsComparing { get; set; }

    /// <summary>Jobs that Klaviyo works on.</summary>
    public int Jobs { get; set; }

    /// <summary>Those of all kinds, and of all stores, in the same Klaviyo account.</summary>
    public int AccountJobs { get; set; }

    /// <summary>When the oldest of <see cref="Jobs"/> was sent.</summary>
    public DateTimeOffset? OldestJobUtc { get; set; }

    public int Open { get; set; }

    /// <summary>Records in <see cref="Jobs"/>.</summary>
    public int UnderWay { get; set; }

    /// <summary>How many records Klaviyo held when the run began.</summary>
    public int Known { get; init; }

    /// <summary>How many records the store had when it was last read; an estimate.</summary>
    public int? Expected { get; set; }

    public (StopReason Reason, KlaviyoAnswer Answer)? Stop { get; private set; }

    public string? HeldFor { get; private set; }

    /// <summary>Why the store does not offer it; nothing was read then.</summary>
    public string? Unavailable { get; private set; }

    /// <summary>What does not make the run worse, in a sentence.</summary>
    public string? Remark { get; set; }

    public bool IsEnded => Stop is not null || HeldFor is not null;

    /// <summary>What could not be read or done, in sentences.</summary>
    public string? Missed => _missed.Count == 0 ? null : string.Join(' ', _missed);

    public void AddRead(int records, int unchanged)
    {
        lock (_lock)
            (Read, Unchanged) = (Read + records, Unchanged + unchanged);
    }

    public void AddSettled(int records)
    {
        lock (_lock)
            Settled += records;
    }

    public void StopFor(StopReason reason, KlaviyoAnswer answer)
    {
        lock (_lock)
            Stop ??= (reason, answer);
    }

    public void HoldFor(string reason)
    {
        lock (_lock)
            HeldFor ??= reason;
    }

    public void MissFor(string sentence)
    {
        lock (_lock)
        {
            if (!_missed.Contains(sentence))
                _missed.Add(sentence);
        }
    }

    /// <param name="things">At the beginning of a sentence.</param>
    public void MissReading(string things, ZoeyException exception)
    {
        if (exception.Problem is ZoeyProblem.NoSuchEndpoint or ZoeyProblem.Forbidden)
            Unavailable = exception.Message;
        MissFor($"{things} could not be read to their end, so nothing is deleted: {exception.Message}");
    }

    /// <summary>A picture that is missing is read the next time. What is wrong with more than one product ends it for the run.</summary>
    public void MissImages(ZoeyException exception)
    {
        var isAboutOne = exception.Problem is ZoeyProblem.Unavailable or ZoeyProblem.Unreadable or ZoeyProblem.Refused;
        AreImagesOver = ++ImagesMissed >= MostImagesMissed || !isAboutOne;
        MissFor($"Not all pictures could be read, so they stay as they are: {exception.Message}");
    }

    /// <summary>Puts it into the run's row, for who looks on.</summary>
    public void Show(Run run)
    {
        lock (_lock)
        {
            var done = Unchanged + Settled;
            (run.Counts.Unchanged, run.ProgressDone) = (Unchanged, done);
            run.ProgressTotal = IsReading ? Expected is { } expected ? Math.Max(expected, Read) : null : done + Open + UnderWay;
            var reading = IsComparing ? RunPhase.Comparing : RunPhase.Reading;
            run.Phase = IsReading && Settled == 0 && Jobs == 0 ? reading
                : Open > 0 ? RunPhase.Sending
                : IsReading ? reading
                : RunPhase.WaitingForKlaviyo;
            run.ProgressNote = Note();
            run.WaitingSinceUtc = run.Phase == RunPhase.WaitingForKlaviyo ? OldestJobUtc : null;
            run.ProgressRate = Rate(done);
        }
    }

    /// <summary>Records a second over the last minute; null until there has been one.</summary>
    private double? Rate(int done)
    {
        var now = time.GetUtcNow();
        _samples.Enqueue((now, done));
        while (_samples.Count > 2 && now - _samples.ElementAt(1).Utc >= s_rateWindow)
            _samples.Dequeue();
        var (utc, before) = _samples.Peek();
        return now - utc >= s_rateWindow ? (done - before) / (now - utc).TotalSeconds : null;
    }

    private string Note()
    {
        var parts = new List<string> { Words(Read, "read") };
        if (ImagesRead > 0)
            parts.Add(Words(ImagesRead, "pictures read"));
        if (Settled > 0)
            parts.Add(Words(Settled, "answered by Klaviyo"));
        if (Open > 0)
            parts.Add(Words(Open, "to send"));
        if (Jobs > 0)
            parts.Add($"{Jobs} {(Jobs == 1 ? "job" : "jobs")} at Klaviyo");
        return string.Join(" · ", parts);
    }

    private static string Words(int count, string words) => $"{count.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture)} {words}";
}
