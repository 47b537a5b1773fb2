using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Events;

/// <summary>What intake makes of changes on another instance, which it is not told of.</summary>
public sealed class IntakeStoresTests : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int _events;
    private CoreHost _here = default!;
    private CoreHost _there = default!;

    public async ValueTask InitializeAsync()
    {
        _here = await CoreHost.StartAsync(DatabaseProvider.Postgres);
        _there = await _here.StartAnotherAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _there.DisposeAsync();
        await _here.DisposeAsync();
    }

    [Fact]
    public async Task ConnectedElsewhere_TheNextEventCounts()
    {
        Assert.Equal("not_connected", await CollectHereAsync());

        await _there.ConnectAsync();
        _here.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await CollectHereAsync());
    }

    [Theory]
    [InlineData(Switch.IsEnabled, "disabled")]
    [InlineData(Switch.ViewedProduct, "function_off")]
    public async Task SwitchedOnElsewhere_TheNextEventCounts(Switch @switch, string ignored)
    {
        await _here.ConnectAsync();
        await _here.SetAsync(@switch, false);
        Assert.Equal(ignored, await CollectHereAsync());

        await _there.SetAsync(@switch, true);
        _here.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await CollectHereAsync());
    }

    [Fact]
    public async Task WithinASecond_IsNotReadAgain()
    {
        Assert.Equal("not_connected", await CollectHereAsync());

        await _there.ConnectAsync();
        _here.Time.Advance(TimeSpan.FromSeconds(0.9));

        Assert.Equal("not_connected", await CollectHereAsync());
    }

    [Fact]
    public async Task ClockSetBack_ChangesElsewhereAreSeenAllTheSame()
    {
        await _here.ConnectAsync();
        var clock = new TwoClocks();
        using var stores = new IntakeStores(_here.Database, _here.Get<StoreSignals>(), clock);
        Assert.True((await stores.FindAsync("public-acme", Cancel))!.Periods.WasOn(Switch.ViewedProduct, CoreHost.Start));

        await _there.SetAsync(Switch.ViewedProduct, false);
        clock.Utc -= TimeSpan.FromHours(1);
        clock.Passed += TimeSpan.FromSeconds(5);

        Assert.False((await stores.FindAsync("public-acme", Cancel))!.Periods.WasOn(Switch.ViewedProduct, CoreHost.Start));
    }

    private async Task<string?> CollectHereAsync()
    {
        CollectAnswer answer = await _here.CollectAsync(
            "{\"visitor\":{\"email\":\"jo@shop-demo.com\"},\"events\":[{\"id\":\"e-" + _events++ + "\",\"type\":\"viewed_product\"}]}");
        return answer.Ignored.Select(row => row.Reason).SingleOrDefault();
    }

    private sealed class TwoClocks : TimeProvider
    {
        public DateTimeOffset Utc { get; set; } = CoreHost.Start;

        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Utc;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
