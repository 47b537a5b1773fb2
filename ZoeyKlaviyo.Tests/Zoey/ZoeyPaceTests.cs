using ZoeyKlaviyo.Core.Storage;
using static ZoeyKlaviyo.Tests.Zoey.ZoeyStub;

namespace ZoeyKlaviyo.Tests.Zoey;

public sealed class ZoeyPaceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ManyCallersAtOnce_StartAQuarterOfASecondApart()
    {
        var (host, store) = await StartAsync(DatabaseProvider.Sqlite, OAuth1);
        await using var _ = host;
        store.On("products/7/categories", _ => Json("[]"));
        var start = host.Time.GetUtcNow();

        await CallAsync(store, 12);

        // Seen a moment after its start at most, so that the nth can't be earlier than this.
        Assert.All(store.Requests.Select((request, n) => request.At - start - (n * TimeSpan.FromMilliseconds(250))), early => Assert.True(early >= TimeSpan.Zero));
        Assert.True(store.Requests.Last().At - start < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task ManyCallersAtOnce_TwoAreUnderWay()
    {
        var (host, store) = await StartAsync(DatabaseProvider.Sqlite, OAuth1);
        await using var _ = host;
        var (underWay, most) = (0, 0);
        store.OnAsync("products/7/categories", async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref underWay));
            await Task.Delay(TimeSpan.FromSeconds(2), host.Time, Cancel);
            Interlocked.Decrement(ref underWay);
            return Json("[]");
        });

        await CallAsync(store, 8);

        Assert.Equal(2, most);
    }

    private static Task CallAsync(ZoeyStub store, int count) => store.PumpAsync(async (client, id) =>
    {
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => client.ReadCategoryIdsAsync(id, "7", Cancel)));
        return true;
    });
}
