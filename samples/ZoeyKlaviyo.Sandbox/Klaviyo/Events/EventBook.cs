using System.Text.Json;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;
using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Events;

/// <summary>Every event that was kept, over all accounts, in the order of arrival.</summary>
public sealed class EventBook : IDisposable
{
    private static readonly JsonElement s_noAttributes = JsonSerializer.SerializeToElement(new { });

    private readonly Lock _lock = new();
    private readonly List<ReceivedEvent> _events = [];
    private readonly HashSet<EventKey> _keys = [];
    private readonly Dictionary<string, MetricRecord> _metrics = [];
    private readonly ProfileBook _profiles;
    private readonly TimeProvider _time;
    private readonly Journal<ReceivedEvent[]> _journal;
    private long _sequence;
    private long _repeats;

    public EventBook(SandboxOptions options, ProfileBook profiles)
    {
        (_time, _profiles) = (options.TimeProvider, profiles);
        _journal = new(options.DataDirectory, "events.jsonl");
        foreach (var one in _journal.Load().SelectMany(request => request))
            Remember(one);
    }

    public IReadOnlyList<ReceivedEvent> Events => After(0);

    public EventCounts Counts
    {
        get
        {
            lock (_lock)
                return new(_events.Count, _keys.Count, _repeats);
        }
    }

    public IReadOnlyList<ReceivedEvent> After(long sequence)
    {
        lock (_lock)
        {
            var index = _events.Count == 0 || _events[0].Sequence > sequence ? 0 : _events.FindLastIndex(one => one.Sequence <= sequence) + 1;
            return _events.GetRange(index, _events.Count - index);
        }
    }

    public IReadOnlyList<MetricRecord> Metrics(string account)
    {
        lock (_lock)
            return [.. _metrics.Values.Where(metric => metric.Account == account).OrderBy(metric => metric.Created)];
    }

    public void Clear()
    {
        lock (_lock)
        {
            _journal.Clear();
            _events.Clear();
            _keys.Clear();
            _metrics.Clear();
            _repeats = 0;
        }
    }

    /// <summary>A repeat of metric, profile and unique id is answered like the first and not kept.</summary>
    internal void AcceptSingle(string account, EventEntry entry)
    {
        var received = Read(account, entry, "single");
        lock (_lock)
        {
            if (_keys.Contains(KeyOf(received)))
                _repeats++;
            else
                Keep([received]);
        }
    }

    /// <summary>A repeat, inside the request or of an earlier event, refuses all of it.</summary>
    internal IReadOnlyList<ContractViolation> AcceptBulk(string account, IReadOnlyList<EventEntry> entries)
    {
        var received = entries.Select(entry => Read(account, entry, "bulk")).ToList();
        lock (_lock)
        {
            var inRequest = new HashSet<EventKey>();
            var repeats = received.Zip(entries)
                .Where(pair => !IsDropped(pair.First) && (_keys.Contains(KeyOf(pair.First)) || !inRequest.Add(KeyOf(pair.First))))
                .Select(pair => new ContractViolation(pair.Second.Pointer + "/unique_id", "An event with this unique_id already exists."))
                .ToList();
            if (repeats.Count == 0)
                Keep(received);
            return repeats;
        }
    }

    public void Dispose() => _journal.Dispose();

    /// <summary>All of a request in one line, so that a kill cannot keep a part of it.</summary>
    private void Keep(IEnumerable<ReceivedEvent> received)
    {
        var kept = received.Where(one => !IsDropped(one)).Select((one, index) => one with { Sequence = _sequence + 1 + index }).ToArray();
        if (kept.Length == 0)
            return;
        _journal.Append(kept);
        Array.ForEach(kept, Remember);
    }

    private void Remember(ReceivedEvent one)
    {
        _sequence = one.Sequence;
        _keys.Add(KeyOf(one));
        _metrics.TryAdd(one.MetricId, new(one.Account, one.MetricId, one.Metric, one.ReceivedAt));
        _events.Add(one);
        _profiles.Meet(one.Account, one.ProfileId, one.Email, one.ReceivedAt);
    }

    private ReceivedEvent Read(string account, EventEntry entry, string via)
    {
        var now = _time.GetUtcNow();
        var at = entry.Text("time") is { } text ? SchemaValidator.ReadDateTime(text)!.Value.ToUniversalTime() : now;
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
        var uniqueId = entry.Text("unique_id") ?? at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var profileId = entry.ProfileText("id") ?? StableIds.Profile(account, ProfileKey(entry));
        var value = EventEntry.Get(entry.Attributes, "value");
        return new(0, account, entry.MetricName, entry.ProfileText("email"), uniqueId, at,
            value is { ValueKind: JsonValueKind.Number } number ? number.GetDecimal() : null, entry.Text("value_currency"),
            entry.Attributes.GetProperty("properties").Clone(), (EventEntry.Get(entry.Profile, "attributes") ?? s_noAttributes).Clone(),
            entry.IsBackfill, via, now)
        {
            ProfileId = profileId,
        };
    }

    private static string ProfileKey(EventEntry entry) =>
        entry.ProfileText("email")?.ToLowerInvariant()
        ?? entry.ProfileText("phone_number") ?? entry.ProfileText("external_id") ?? entry.ProfileText("anonymous_id") ?? entry.ProfileText("_kx")!;

    private static bool IsDropped(ReceivedEvent received) => received.Email is { } email && EmailRules.IsDropped(email);

    private static EventKey KeyOf(ReceivedEvent received) => new(received.Account, received.Metric, received.ProfileId, received.UniqueId);

    private readonly record struct EventKey(string Account, string Metric, string Profile, string UniqueId);
}
