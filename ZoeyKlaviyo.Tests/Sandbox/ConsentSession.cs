using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>The calls of a session that are about consent.</summary>
internal static class ConsentSession
{
    public const string SubscribePath = "/api/profile-subscription-bulk-create-jobs";
    public const string UnsubscribePath = "/api/profile-subscription-bulk-delete-jobs";

    /// <summary>The clock of every session starts at 17:00 on this day.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 17, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static string ListOf(this SandboxSession session, string optIn) => session.Server.Lists.Of("ABC123").First(list => list.OptInProcess == optIn).Id;

    public static async Task PostAcceptedAsync(this SandboxSession session, string path, JsonObject body)
    {
        var answer = await session.PostAsync(path, body);
        Assert.Equal((HttpStatusCode.Accepted, ""), (answer.Status, answer.Text));
    }

    /// <param name="consent">As <c>PUT /sandbox/profiles/{email}</c> takes it.</param>
    public static async Task SetConsentAsync(this SandboxSession session, string email, object consent)
    {
        using var answer = await session.Http.PutAsJsonAsync("/sandbox/profiles/" + Uri.EscapeDataString(email), consent, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public static KlaviyoProfile? Profile(this SandboxSession session, string email) => session.Server.Profiles.Find("ABC123", email);

    public static string Filter(string filter) => "filter=" + Uri.EscapeDataString(filter);

    public static async Task<IReadOnlyList<string>> EmailsAsync(this SandboxSession session, string query)
    {
        var answer = await session.GetAsync("/api/profiles?" + query);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json["data"]!.AsArray().Select(one => one!["attributes"]!["email"]!.GetValue<string>())];
    }
}
