using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Events;

public sealed class IntakeWriterTests
{
    [Fact]
    public async Task TooManyCharactersWaiting_AreRefusedUntilTheyAreWritten()
    {
        await using var host = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        var writer = host.Get<IntakeWriter>();
        var half = Event(host, new string(' ', (IntakeWriter.MaxWaitingCharacters / 2) - 2) + "{}");
        var small = Event(host, "{}");
        var waiting = new List<Task>();

        await host.Database.WriteAsync(
            _ =>
            {
                for (var i = 0; i < 2; i++)
                {
                    Assert.True(writer.TryWrite([half], [], out var written));
                    waiting.Add(written);
                }

                Assert.False(writer.TryWrite([small], [], out var _));
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        await Task.WhenAll(waiting);
        while (!writer.TryWrite([small], [], out var _))
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task CartsWaiting_CountLikeCharactersOfEvents()
    {
        await using var host = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        var writer = host.Get<IntakeWriter>();
        var carts = Carts(host, new string('1', 200), IntakeWriter.MaxWaitingCharacters / 200);

        Assert.False(writer.TryWrite([], carts, out var _));
    }

    [Fact]
    public async Task CartsWaiting_AreWrittenAFewHundredAtATime()
    {
        await using var host = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        var writer = host.Get<IntakeWriter>();
        var waiting = new List<Task>();
        var writes = 0;
        using var subscription = host.Get<StoreSignals>().OnRunsChanged(_ => Interlocked.Increment(ref writes));

        await host.Database.WriteAsync(
            _ =>
            {
                for (var i = 0; i < 100; i++)
                {
                    Assert.True(writer.TryWrite([Event(host, "{}")], Carts(host, $"{i}-", 50), out var written));
                    waiting.Add(written);
                }

                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        await Task.WhenAll(waiting);
        await writer.DisposeAsync();

        // 5,100 rows of at most 512 and a request more.
        Assert.InRange(writes, 9, 100);
    }

    private static List<IntakeCart> Carts(CoreHost host, string id, int count) =>
        Enumerable.Range(0, count).Select(i => new IntakeCart(host.Store.Id, $"{id}{i}", "jo@shop-demo.com", CoreHost.Start)).ToList();

    private static IntakeEvent Event(CoreHost host, string properties) => new(
        host.Store.Id,
        "ABC123",
        "jo@shop-demo.com",
        new CollectedEvent(Metrics.ViewedProduct, "e-1", CoreHost.Start, properties, null, null, InCart: false),
        CoreHost.Start,
        IsSent: true);
}
