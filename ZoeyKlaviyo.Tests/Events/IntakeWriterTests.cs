using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Storage;
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

    private static IntakeEvent Event(CoreHost host, string properties) => new(
        host.Store.Id,
        "ABC123",
        "jo@shop-demo.com",
        new CollectedEvent(Metrics.ViewedProduct, "e-1", CoreHost.Start, properties, null, null, InCart: false),
        CoreHost.Start,
        IsSent: true);
}
