using System.Globalization;
using System.Text.RegularExpressions;
using ZoeyKlaviyo.Core.Klaviyo.Wire;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>An event in the form that a bulk call takes.</summary>
/// <exception cref="System.Text.Json.JsonException">Its properties are no JSON.</exception>
public sealed class BulkEvent(KlaviyoEvent source)
{
    internal string Email => source.Email;

    internal string UniqueId => source.UniqueId;

    internal byte[] Json { get; } = EventBody.WriteBulkEntry(source);
}

/// <summary>
/// The events of one bulk call, grouped by profile: at most 1,000 and 5 MB
/// (developers.klaviyo.com/en/reference/bulk_create_events), and no <c>unique_id</c> twice.
/// </summary>
public sealed partial class EventBatch
{
    public const int MaxEvents = 1000;
    public const int MaxBytes = 5_000_000;

    private readonly List<BulkProfile> _profiles = [];

    private EventBatch()
    {
    }

    /// <summary>Which of the events given to <see cref="TakeFrom"/> are in this call.</summary>
    public IReadOnlyList<int> Positions => _profiles.SelectMany(profile => profile.Positions).ToList();

    internal byte[] Body => BulkEventBody.Write(_profiles);

    /// <summary>As many of <paramref name="events"/> as fit into one call: at least the first.</summary>
    public static EventBatch TakeFrom(IReadOnlyList<BulkEvent> events)
    {
        var batch = new EventBatch();
        var profiles = new Dictionary<string, BulkProfile>(StringComparer.Ordinal);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var size = BulkEventBody.OverheadBytes;
        for (var position = 0; position < events.Count && ids.Count < MaxEvents; position++)
        {
            var source = events[position];
            if (ids.Contains(source.UniqueId))
                continue;
            var isNewProfile = !profiles.TryGetValue(source.Email, out var profile);
            profile ??= new BulkProfile(source.Email);
            size += source.Json.Length + 1 + (isNewProfile ? profile.OverheadBytes : 0);
            if (size > MaxBytes && ids.Count > 0)
                break;
            ids.Add(source.UniqueId);
            profile.Add(position, source.Json);
            if (isNewProfile)
            {
                profiles.Add(source.Email, profile);
                batch._profiles.Add(profile);
            }
        }

        return batch;
    }

    /// <summary>The positions of the events that an error's pointer names; null when it names none.</summary>
    public IReadOnlyList<int>? Find(string? pointer)
    {
        if (pointer is null || Pattern().Match(pointer) is not { Success: true } match)
            return null;
        var profile = Index(match.Groups[1]) is { } row && row < _profiles.Count ? _profiles[row] : null;
        if (profile is null || !match.Groups[2].Success)
            return profile?.Positions;
        return Index(match.Groups[2]) is { } index && index < profile.Positions.Count ? [profile.Positions[index]] : null;
    }

    private static int? Index(Group group) =>
        int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    [GeneratedRegex(@"^/data/attributes/events-bulk-create/data/(\d+)(?:/attributes/events/data/(\d+))?(?=/|$)")]
    private static partial Regex Pattern();
}
