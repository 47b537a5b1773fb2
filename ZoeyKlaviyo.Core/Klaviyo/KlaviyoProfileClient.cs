using System.Globalization;
using ZoeyKlaviyo.Core.Klaviyo.Wire;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>Reads profiles with their consent (developers.klaviyo.com/en/reference/get_profiles).</summary>
public sealed class KlaviyoProfileClient(KlaviyoHttp http)
{
    public const int MaxAddresses = 100;

    /// <summary>Servers and proxies take request lines of about 8,000 characters.</summary>
    private const int MaxFilterLength = 7000;

    private const string Consent = "additional-fields[profile]=subscriptions&fields[profile]=email,subscriptions.email.marketing&page[size]=100";
    private const string SuppressionTime = "subscriptions.email.marketing.suppression.timestamp";

    private static readonly EndpointLimit s_getProfiles = new("GET /api/profiles", 75, 750);

    /// <summary>How many of the addresses, from the first on, fit into one question.</summary>
    public static int CountThatFit(IReadOnlyList<string> addresses, int from)
    {
        var (count, length) = (0, 0);
        for (var i = from; i < addresses.Count && count < MaxAddresses; i++, count++)
        {
            // Quotes and comma are three characters each once they are encoded.
            length += Uri.EscapeDataString(addresses[i]).Length + 9;
            if (length > MaxFilterLength && count > 0)
                break;
        }

        return count;
    }

    /// <summary>The profiles of these addresses; who has none in Klaviyo is not among them.</summary>
    /// <param name="addresses">At most <see cref="CountThatFit"/>.</param>
    public Task<ProfilePage> FindAsync(KlaviyoCredential credential, IReadOnlyList<string> addresses, CancellationToken cancellationToken) =>
        ReadAsync(credential, Path($"any(email,[{string.Join(',', addresses.Select(address => $"\"{address}\""))}])"), cancellationToken);

    /// <summary>The first page of all profiles, by id.</summary>
    public Task<ProfilePage> ListAsync(KlaviyoCredential credential, CancellationToken cancellationToken) =>
        ReadAsync(credential, $"/api/profiles?{Consent}&sort=id", cancellationToken);

    /// <summary>The first page of the profiles suppressed at or after a time, by that time.</summary>
    /// <param name="fromUtc">Null: all that are suppressed.</param>
    public Task<ProfilePage> ListSuppressedAsync(KlaviyoCredential credential, DateTimeOffset? fromUtc, CancellationToken cancellationToken)
    {
        var from = (fromUtc ?? DateTimeOffset.UnixEpoch).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return ReadAsync(credential, $"{Path($"greater-or-equal({SuppressionTime},{from})")}&sort={SuppressionTime}", cancellationToken);
    }

    /// <param name="next">A page's <see cref="ProfilePage.Next"/>.</param>
    public Task<ProfilePage> NextAsync(KlaviyoCredential credential, string next, CancellationToken cancellationToken) =>
        ReadAsync(credential, next, cancellationToken);

    private static string Path(string filter) => $"/api/profiles?filter={Uri.EscapeDataString(filter)}&{Consent}";

    private async Task<ProfilePage> ReadAsync(KlaviyoCredential credential, string path, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(credential, s_getProfiles, HttpMethod.Get, path, null, cancellationToken);
        var page = answer.Verdict == Verdict.Accepted ? ProfileBody.Read(answer) : new ProfilePage(answer, null);
        return page.Next != path ? page : new ProfilePage(AnswerReader.None("Klaviyo's answer names itself as the next page.", mayHaveArrived: false), null);
    }
}
