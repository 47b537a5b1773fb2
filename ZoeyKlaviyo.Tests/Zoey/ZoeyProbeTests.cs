using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores.Api;
using ZoeyKlaviyo.Core.Zoey;
using static ZoeyKlaviyo.Tests.Zoey.ZoeyStub;

namespace ZoeyKlaviyo.Tests.Zoey;

public sealed class ZoeyProbeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probe_SaysWhatIsThereAndWhatIsNot()
    {
        var (host, store) = await StartAsync(DatabaseProvider.Sqlite, OAuth1);
        await using var _ = host;
        store.On("products", _ => Json("{}")).On("stockitems", _ => Html(403)).On("categories", _ => Error(403, "Access denied"))
            .On("orders", request => request["filter[1][attribute]"] is null
                ? Json("""{"1":{"entity_id":"1","order_items":[]}}""") : Error(400, "Resource collection filtering error."))
            .On("newsletter/subscribers", _ => Error(404, "Request does not match any route."));

        var report = await store.PumpAsync(host.Get<ZoeyProbe>().RunAsync(host.Store, Cancel));

        Assert.Equal(
            [ZoeyAvailability.Available, ZoeyAvailability.Blocked, ZoeyAvailability.NotPermitted, ZoeyAvailability.Available, ZoeyAvailability.NotThere],
            report.Resources.Select(resource => resource.Availability));
        Assert.Equal((true, false, false), (report.IsUsable, report.OrdersHaveLines, report.OrdersFilterByTime));
        Assert.EndsWith("Upload a CSV export or push them to the feed instead.", report.Resources[^1].Message, StringComparison.Ordinal);
        Assert.All(store.Requests, request => Assert.Equal("1", request["limit"]));
        var view = await host.Get<ZoeyAccessEditor>().ReadAsync(host.Store, Cancel);
        Assert.Equal((report.Verdict, 5), (view.Probe?.Verdict, view.Probe?.Resources.Count));
        Assert.NotNull(view.ProbedUtc);
    }

    [Fact]
    public async Task Probe_WithWrongCredentials_StopsAtOnce()
    {
        var (host, store) = await StartAsync(DatabaseProvider.Sqlite, OAuth1);
        await using var _ = host;
        store.On("products", _ => Error(401, "oauth_problem=token_revoked"));

        var report = await store.PumpAsync(host.Get<ZoeyProbe>().RunAsync(host.Store, Cancel));

        Assert.Single(store.Requests);
        Assert.Equal((false, ZoeyAvailability.Credentials), (report.IsUsable, report.Resources[0].Availability));
        Assert.All(report.Resources.Skip(1), resource => Assert.Equal(ZoeyAvailability.NotTested, resource.Availability));
        Assert.Contains("no longer accepts the access token", report.Verdict, StringComparison.Ordinal);
    }
}
