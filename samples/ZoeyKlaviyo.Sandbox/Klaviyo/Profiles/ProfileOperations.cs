using ZoeyKlaviyo.Sandbox.Klaviyo.Api;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

internal sealed class ProfileOperations : IApiOperations
{
    private const string Marketing = "subscriptions.email.marketing.";

    private static readonly Dictionary<string, Func<KlaviyoProfile, IEnumerable<IComparable>>> s_filters = new()
    {
        ["id"] = profile => [profile.Id],
        ["email"] = profile => profile.Email is { } email ? [email] : [],
        ["created"] = profile => [profile.Created],
        ["updated"] = profile => [profile.Created],
        [Marketing + "suppression.reason"] = profile => profile.Suppressions.Select(one => one.Reason),
        [Marketing + "suppression.timestamp"] = profile => profile.Suppressions.Select(one => one.Timestamp).Cast<IComparable>(),
        [Marketing + "list_suppressions.reason"] = profile => profile.ListSuppressions.Select(one => one.Reason),
        [Marketing + "list_suppressions.timestamp"] = profile => profile.ListSuppressions.Select(one => one.Timestamp).Cast<IComparable>(),
        [Marketing + "list_suppressions.list_id"] = profile => profile.ListSuppressions.Select(one => one.ListId),
    };

    private static readonly Comparer<IComparable?> s_order =
        Comparer<IComparable?>.Create((one, other) => one is string text ? string.CompareOrdinal(text, other as string) : Comparer<IComparable?>.Default.Compare(one, other));

    private readonly ProfileBook _book;

    public ProfileOperations(ProfileBook book)
    {
        _book = book;
        Handlers = new Dictionary<string, ApiHandler>
        {
            ["get_profiles"] = new(Find),
            ["get_profile"] = new(call => book.FindById(call.Account, call.Id) is { } profile
                ? ApiAnswer.Ok(ApiResource.One(ProfileJson.Write(call, profile)))
                : ApiAnswer.NotFound("profile", call.Id)),
        };
    }

    public IReadOnlyDictionary<string, ApiHandler> Handlers { get; }

    private ApiAnswer Find(ApiCall call)
    {
        var found = ApiFilter.ApplyMany(call, Candidates(call), s_filters, out var refusal);
        return refusal ?? ApiPage.Of(call, Sort(call.Query("sort"), found), profile => profile.Id, profile => ProfileJson.Write(call, profile), defaultSize: 20);
    }

    /// <summary>A question about a hundred addresses must not read a million profiles.</summary>
    private IEnumerable<KlaviyoProfile> Candidates(ApiCall call) =>
        ApiFilter.Operands(call, "email") is { } emails
            ? emails.Distinct().Select(email => _book.Find(call.Account, email)).OfType<KlaviyoProfile>()
            : _book.Profiles.Where(profile => profile.Account == call.Account);

    /// <summary>Who has nothing to sort by comes last.</summary>
    private static List<KlaviyoProfile> Sort(string? sort, IReadOnlyList<KlaviyoProfile> found)
    {
        var key = s_filters[sort?.TrimStart('-') ?? "created"];
        Func<KlaviyoProfile, IComparable?> first = sort?.StartsWith('-') is true ? profile => key(profile).Max() : profile => key(profile).Min();
        var byPresence = found.OrderBy(profile => !key(profile).Any());
        return [.. (sort?.StartsWith('-') is true ? byPresence.ThenByDescending(first, s_order) : byPresence.ThenBy(first, s_order)).ThenBy(profile => profile.Id, StringComparer.Ordinal)];
    }
}
