using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using static ZoeyKlaviyo.Tests.Sandbox.ConsentSession;
using static ZoeyKlaviyo.Tests.Sandbox.KlaviyoBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class SandboxProfileTests
{
    private const string Consent = "additional-fields[profile]=subscriptions";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_OfSomebodyUnknown_MakesAProfileThatNeverSubscribed()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.PostAsync("/api/events", Event("1", "Jo@Shop.test"));
        var profile = Assert.Single((await session.GetAsync($"/api/profiles?{Consent}")).Json["data"]!.AsArray())!;
        Assert.Equal("jo@shop.test", profile["attributes"]!["email"]!.GetValue<string>());
        Assert.Equal(
            """
            {"can_receive_email_marketing":true,"consent":"NEVER_SUBSCRIBED","consent_timestamp":null,"last_updated":null,"method":null,"method_detail":"","custom_method_detail":null,"double_optin":null,"suppression":[],"list_suppressions":[]}
            """,
            profile["attributes"]!["subscriptions"]!["email"]!["marketing"]!.ToJsonString());
        var one = await session.GetAsync($"/api/profiles/{profile["id"]}?{Consent}");
        Assert.True(JsonNode.DeepEquals(profile, one.Json["data"]));
        Assert.Equal(profile["id"]!.ToString(), (await session.GetAsync("/api/events")).Json["data"]![0]!["relationships"]!["profile"]!["data"]!["id"]!.ToString());
    }

    [Fact]
    public async Task Subscriptions_OfSomebodyWhoLeft_TellEverything()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SetConsentAsync("jo@shop.test", new
        {
            consent = "UNSUBSCRIBED",
            consentTimestamp = "2026-01-02T03:04:05Z",
            lastUpdated = "2026-01-02T03:04:06Z",
            method = "PREFERENCE_PAGE",
            doubleOptin = true,
            suppressions = new[] { new { reason = "UNSUBSCRIBE", timestamp = "2026-01-02T03:04:05Z" } },
            listSuppressions = new[] { new { listId = "Y6nRLr", reason = "USER_SUPPRESSED", timestamp = "2026-01-02T03:04:07Z" } },
        });
        var profile = (await session.GetAsync($"/api/profiles?{Consent}&fields[profile]=email,subscriptions.email.marketing")).Json["data"]![0]!;
        Assert.Equal(["email", "subscriptions"], profile["attributes"]!.AsObject().Select(member => member.Key));
        Assert.Equal("email", Assert.Single(profile["attributes"]!["subscriptions"]!.AsObject()).Key);
        Assert.Equal(
            """
            {"marketing":{"can_receive_email_marketing":false,"consent":"UNSUBSCRIBED","consent_timestamp":"2026-01-02T03:04:05+00:00","last_updated":"2026-01-02T03:04:06+00:00","method":"PREFERENCE_PAGE","method_detail":"","custom_method_detail":null,"double_optin":true,"suppression":[{"reason":"UNSUBSCRIBE","timestamp":"2026-01-02T03:04:05+00:00"}],"list_suppressions":[{"list_id":"Y6nRLr","reason":"USER_SUPPRESSED","timestamp":"2026-01-02T03:04:07+00:00"}]}}
            """,
            profile["attributes"]!["subscriptions"]!["email"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Theory]
    [InlineData("fields[profile]=email,subscriptions", "email")]
    [InlineData("fields[profile]=email&additional-fields[profile]=subscriptions", "email")]
    [InlineData("fields[profile]=email,subscriptions&additional-fields[profile]=subscriptions", "email,subscriptions")]
    public async Task Fields_NotAskedFor_AreNotThere(string query, string members)
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SetConsentAsync("jo@shop.test", new { });
        var attributes = (await session.GetAsync("/api/profiles?" + query)).Json["data"]![0]!["attributes"]!.AsObject();
        Assert.Equal(members, string.Join(',', attributes.Select(member => member.Key)));
    }

    [Fact]
    public async Task Filter_ByAHundredEncodedAddresses_FindsThemAll()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var emails = Enumerable.Range(0, 100).Select(number => $"{new string('x', 60)}+{number}@a-rather-long-name.shop.test").ToList();
        using (var seeded = await session.Http.PostAsJsonAsync("/sandbox/profiles", emails.Append("other@shop.test").Select(email => new { email }), Cancel))
            Assert.Equal("""{"profiles":101}""", await seeded.Content.ReadAsStringAsync(Cancel));
        var query = $"{Filter($"any(email,[{string.Join(',', emails.Select(email => $"\"{email}\""))}])")}&page[size]=100&{Consent}&fields[profile]=email,subscriptions.email.marketing";
        Assert.True(query.Length > 9000);
        Assert.Equal(emails.Order(StringComparer.Ordinal), (await session.EmailsAsync(query)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("equals(email,\"b@shop.test\")", "b")]
    [InlineData("any(email,[\"c@shop.test\",\"b@shop.test\",\"none@shop.test\"])", "b c")]
    [InlineData("equals(subscriptions.email.marketing.suppression.reason,\"UNSUBSCRIBE\")", "b c")]
    [InlineData("greater-than(subscriptions.email.marketing.suppression.timestamp,2026-01-01T00:00:00Z)", "c d")]
    [InlineData("greater-or-equal(subscriptions.email.marketing.suppression.timestamp,2026-01-01T00:00:00Z)", "b c d")]
    [InlineData("and(less-than(subscriptions.email.marketing.suppression.timestamp,2026-01-03T00:00:00Z),equals(subscriptions.email.marketing.suppression.reason,\"UNSUBSCRIBE\"))", "b c")]
    [InlineData("equals(subscriptions.email.marketing.list_suppressions.list_id,\"Y6nRLr\")", "a")]
    [InlineData("equals(subscriptions.email.marketing.list_suppressions.reason,\"OTHER\")", "")]
    [InlineData("less-or-equal(subscriptions.email.marketing.list_suppressions.timestamp,2026-02-01T00:00:00Z)", "a")]
    [InlineData("less-than(created,2026-11-24T00:00:00Z),greater-than(updated,2026-11-22T00:00:00Z)", "a b c d")]
    [InlineData("equals(email,\"a@shop.test\"),equals(email,\"b@shop.test\")", "")]
    public async Task Filter_ByWhatIsAllowed_FindsThose(string filter, string names)
    {
        await using var session = await SeededAsync();
        Assert.Equal(names, string.Join(' ', (await session.EmailsAsync(Filter(filter) + "&sort=email")).Select(email => email[..1])));
    }

    [Theory]
    [InlineData("filter", "greater-than(email,\"a\")")]
    [InlineData("filter", "equals(updated,2026-01-01T00:00:00Z)")]
    [InlineData("filter", "any(subscriptions.email.marketing.suppression.reason,[\"UNSUBSCRIBE\"])")]
    [InlineData("filter", "equals(subscriptions.email.marketing.consent,\"SUBSCRIBED\")")]
    [InlineData("filter", "equals(email")]
    [InlineData("sort", "subscriptions")]
    [InlineData("page[size]", "101")]
    [InlineData("fields[profile]", "consent")]
    [InlineData("additional-fields[profile]", "predictive_analytics")]
    [InlineData("include", "push-tokens")]
    public async Task Question_NotAllowed_IsRefused(string parameter, string value)
    {
        await using var session = await SeededAsync();
        var answer = await session.GetAsync($"/api/profiles?{parameter}={Uri.EscapeDataString(value)}");
        Assert.Equal((HttpStatusCode.BadRequest, parameter), (answer.Status, answer.Json["errors"]![0]!["source"]!["parameter"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("email", "a b c d")]
    [InlineData("-email", "d c b a")]
    [InlineData("subscriptions.email.marketing.suppression.timestamp", "b c d a")]
    [InlineData("-subscriptions.email.marketing.suppression.timestamp", "d c b a")]
    [InlineData("-subscriptions.email.marketing.list_suppressions.timestamp", "a")]
    public async Task Sort_ByWhatIsAllowed_OrdersThem(string sort, string names)
    {
        await using var session = await SeededAsync();
        Assert.StartsWith(names, string.Join(' ', (await session.EmailsAsync("sort=" + sort)).Select(email => email[..1])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_ByTheirCursor_CoverEverybodyOnce()
    {
        await using var session = await SandboxSession.ConnectAsync();
        using var seeded = await session.Http.PostAsJsonAsync("/sandbox/profiles", Enumerable.Range(0, 45).Select(number => new { email = $"p{number}@shop.test" }), Cancel);
        var sizes = new List<int>();
        var emails = new HashSet<string>();
        for (var next = "/api/profiles?sort=-created"; next is not null;)
        {
            var page = (await session.GetAsync(next)).Json;
            sizes.Add(page["data"]!.AsArray().Count);
            emails.UnionWith(page["data"]!.AsArray().Select(one => one!["attributes"]!["email"]!.GetValue<string>()));
            next = page["links"]!["next"] is { } link ? new Uri(link.GetValue<string>()).PathAndQuery : null;
        }
        Assert.Equal([20, 20, 5], sizes);
        Assert.Equal(45, emails.Count);
    }

    [Fact]
    public async Task Profile_OfAnotherAccount_IsNotFound()
    {
        await using var session = await SeededAsync();
        var id = session.Profile("a@shop.test")!.Id;
        await session.UseNewTokenAsync("XYZ789");
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), ((await session.GetAsync("/api/profiles/" + id)).Status, (await session.GetAsync("/api/profiles/" + id)).Code));
        Assert.Empty(await session.EmailsAsync(Filter("equals(email,\"a@shop.test\")")));
    }

    [Fact]
    public async Task Fault_ThatSkipsTwo_FailsTheThirdReadAlone()
    {
        await using var session = await SeededAsync();
        await session.SwitchOnAsync(new { match = "GET /api/profiles", kind = "status", status = 503, times = 1, skip = 2 });
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            statuses.Add((await session.GetAsync("/api/profiles")).Status);
            await session.GetAsync("/api/lists");
        }
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK], statuses);
        Assert.Empty(session.Server.Faults.Active);
    }

    [Theory]
    [InlineData("{\"email\":\"other@shop.test\"}")]
    [InlineData("{\"consent\":\"PERHAPS\"}")]
    [InlineData("{\"subscribed\":true}")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    public async Task Consent_SetWrongly_IsRefused(string body)
    {
        await using var session = await SeededAsync();
        var before = session.Profile("a@shop.test");
        using var answer = await session.Http.PutAsync("/sandbox/profiles/a@shop.test", new StringContent(body), Cancel);
        Assert.Equal((HttpStatusCode.BadRequest, before), (answer.StatusCode, session.Profile("a@shop.test")));
    }

    /// <summary>a is suppressed for one list; b, c and d for all, one day after the other.</summary>
    private static async Task<SandboxSession> SeededAsync()
    {
        var session = await SandboxSession.ConnectAsync();
        await session.SetConsentAsync("d@shop.test", new { suppressions = new[] { new { reason = "HARD_BOUNCE", timestamp = "2026-01-03T00:00:00Z" } } });
        await session.SetConsentAsync("c@shop.test", new { suppressions = new[] { new { reason = "UNSUBSCRIBE", timestamp = "2026-01-02T00:00:00Z" } } });
        await session.SetConsentAsync("b@shop.test", new { suppressions = new[] { new { reason = "UNSUBSCRIBE", timestamp = "2026-01-01T00:00:00Z" } } });
        await session.SetConsentAsync("a@shop.test", new { listSuppressions = new[] { new { listId = "Y6nRLr", reason = "USER_SUPPRESSED", timestamp = "2026-02-01T00:00:00Z" } } });
        return session;
    }
}
