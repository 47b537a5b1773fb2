using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;
using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

/// <summary>
/// The profiles of all accounts with their consent, and every accepted call that asked to change it.
/// A call that is due takes effect before anything else is read or written.
/// </summary>
public sealed class ProfileBook : IDisposable
{
    private static readonly TimeSpan s_confirmable = TimeSpan.FromHours(72);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Account, string Id), KlaviyoProfile> _profiles = [];
    private readonly List<SubscriptionEntry> _log = [];
    private readonly List<int> _waiting = [];
    private readonly SandboxOptions _options;
    private readonly ListBook _lists;
    private readonly Journal<ProfileLine> _journal;
    private ConsentSettings _settings;
    private long _jobs;

    public ProfileBook(SandboxOptions options, ListBook lists)
    {
        (_options, _lists, _settings) = (options, lists, options.Consent);
        _journal = new(options.DataDirectory, "profiles.jsonl");
        foreach (var line in _journal.Load())
            Remember(line);
        _waiting.AddRange(Enumerable.Range(0, _log.Count).Where(index => _log[index].State == SubscriptionState.Pending));
        _jobs = _log.Count == 0 ? 0 : _log[^1].Job;
    }

    public IReadOnlyList<KlaviyoProfile> Profiles => Read(() => _profiles.Values.ToList());

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SubscriptionEntry> Log => Read(() => _log.ToList());

    public ConsentSettings Settings
    {
        get => Read(() => _settings);
        set => Write(() => new() { Settings = value });
    }

    public KlaviyoProfile? Find(string account, string email) => FindById(account, KlaviyoProfile.IdOf(account, email));

    public KlaviyoProfile? FindById(string account, string id) => Read(() => _profiles.GetValueOrDefault((account, id)));

    /// <summary>As it is to be from now on, whatever it was.</summary>
    public void Set(params IReadOnlyList<KlaviyoProfile> profiles) => Write(() => new() { Profiles = profiles });

    /// <summary>The person leaves by a link in a mail, or on a page of Klaviyo's.</summary>
    public KlaviyoProfile Unsubscribe(string account, string email)
    {
        Write(() => new() { Profiles = [FindOrNew(account, email, Now).Unsubscribe(Now)] });
        return Find(account, email)!;
    }

    /// <summary>The person confirms by the link in each mail that waits.</summary>
    /// <returns>How many there were.</returns>
    public int Confirm(string account, string email)
    {
        var confirmed = new List<SubscriptionEntry>();
        Write(() =>
        {
            var profile = FindOrNew(account, email, Now);
            foreach (var entry in _log.Where(one => one.State == SubscriptionState.AwaitingConfirmation && one.Account == account
                && string.Equals(one.Email, email, StringComparison.OrdinalIgnoreCase) && Now - one.DueAt < s_confirmable))
            {
                profile = profile.Subscribe(entry, Now, Now, confirmed: true);
                confirmed.Add(entry with { State = SubscriptionState.Confirmed });
            }
            return confirmed.Count == 0 ? new() : new() { Profiles = [profile], Entries = confirmed };
        });
        return confirmed.Count;
    }

    public void Clear()
    {
        lock (_lock)
        {
            _journal.Clear();
            _profiles.Clear();
            _log.Clear();
            _waiting.Clear();
            (_settings, _jobs) = (_options.Consent, 0);
        }
    }

    public void Dispose() => _journal.Dispose();

    /// <summary>An event that names somebody unknown makes a profile. The book of events keeps it, this one needs no line.</summary>
    internal void Meet(string account, string id, string? email, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_profiles.ContainsKey((account, id)))
                _profiles[(account, id)] = new(account, id, email?.ToLowerInvariant(), at);
        }
    }

    /// <summary>All rows of a call that passed; a kill keeps all or none.</summary>
    internal void Accept(string account, SubscriptionKind kind, SubscriptionRequest request) => Write(() =>
    {
        var (at, first) = (Now, _log.Count);
        _jobs++;
        return new()
        {
            Entries =
            [
                .. request.Rows.Select((row, index) =>
                {
                    var profile = _profiles.GetValueOrDefault((account, KlaviyoProfile.IdOf(account, row.Email!)));
                    return new SubscriptionEntry(
                        first + index + 1, _jobs, account, kind, row.Email!, request.ListId, request.IsHistorical, row.ConsentedAt, request.CustomSource,
                        at, at.AddSeconds(_settings.DelaySeconds), profile?.Consent, [.. (profile?.Suppressions ?? []).Select(one => one.Reason)]);
                }),
            ],
        };
    });

    /// <summary>To the second, as Klaviyo shows times.</summary>
    private DateTimeOffset Now => _options.TimeProvider.GetUtcNow() is var now ? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) : default;

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            Settle();
            return read();
        }
    }

    private void Write(Func<ProfileLine> change)
    {
        lock (_lock)
        {
            Settle();
            Keep(change());
        }
    }

    private void Settle()
    {
        if (_waiting.Count == 0)
            return;
        var now = Now;
        var due = _waiting.Where(index => _log[index].DueAt <= now).Select(index => _log[index]).OrderBy(one => one.DueAt).ThenBy(one => one.Sequence).ToList();
        if (due.Count == 0)
            return;
        var changed = new Dictionary<string, KlaviyoProfile>();
        var entries = due.ConvertAll(entry =>
        {
            var id = KlaviyoProfile.IdOf(entry.Account, entry.Email);
            var before = changed.GetValueOrDefault(entry.Account + id) ?? _profiles.GetValueOrDefault((entry.Account, id));
            var (after, state) = Apply(entry, before);
            if (after is not null)
                changed[entry.Account + id] = after;
            return entry with { State = state };
        });
        Keep(new() { Profiles = [.. changed.Values], Entries = entries });
        _waiting.RemoveAll(index => _log[index].State != SubscriptionState.Pending);
    }

    private (KlaviyoProfile? Profile, SubscriptionState State) Apply(SubscriptionEntry entry, KlaviyoProfile? before)
    {
        var profile = before ?? KlaviyoProfile.New(entry.Account, entry.Email, entry.At);
        if (entry.Kind == SubscriptionKind.Unsubscribe)
            return (entry.ListId is { } list && profile.Lists.Contains(list) ? profile.Leave(list) : profile.Unsubscribe(entry.At), SubscriptionState.Applied);
        if (entry.Historical)
        {
            var consentedAt = entry.ConsentedAt!.Value;
            return profile.RefuseImport(consentedAt) is not null
                ? (before, SubscriptionState.Overtaken) : (profile.Subscribe(entry, consentedAt, entry.At, confirmed: false), SubscriptionState.Applied);
        }
        return OptInOf(entry) == ListBook.SingleOptIn
            ? (profile.Subscribe(entry, entry.At, entry.At, confirmed: false), SubscriptionState.Applied)
            : (before, SubscriptionState.AwaitingConfirmation);
    }

    private string OptInOf(SubscriptionEntry entry) =>
        _lists.Of(entry.Account).FirstOrDefault(list => list.Id == entry.ListId)?.OptInProcess ?? _settings.DefaultOptIn;

    private KlaviyoProfile FindOrNew(string account, string email, DateTimeOffset at) =>
        _profiles.GetValueOrDefault((account, KlaviyoProfile.IdOf(account, email))) ?? KlaviyoProfile.New(account, email, at);

    private void Keep(ProfileLine line)
    {
        if (line is { Settings: null, Profiles.Count: 0, Entries.Count: 0 })
            return;
        var first = _log.Count;
        _journal.Append(line);
        Remember(line);
        _waiting.AddRange(Enumerable.Range(first, _log.Count - first));
    }

    private void Remember(ProfileLine line)
    {
        _settings = line.Settings ?? _settings;
        foreach (var profile in line.Profiles)
            _profiles[(profile.Account, profile.Id)] = profile;
        foreach (var entry in line.Entries)
        {
            if (entry.Sequence > _log.Count)
                _log.Add(entry);
            else
                _log[(int)entry.Sequence - 1] = entry;
        }
    }

    /// <summary>What changed at once; profiles and entries as they are from then on.</summary>
    private sealed record ProfileLine
    {
        public ConsentSettings? Settings { get; init; }

        public IReadOnlyList<KlaviyoProfile> Profiles { get; init; } = [];

        public IReadOnlyList<SubscriptionEntry> Entries { get; init; } = [];
    }
}
