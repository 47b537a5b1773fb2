using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Tests.Orders;

/// <summary>Orders from a store that is slow, says too little, or can't be read, and what else must not suffer from it.</summary>
public abstract class OrderReadingTests(DatabaseProvider provider) : IAsyncLifetime
{
    private static readonly ZoeyException s_broken = new(ZoeyProblem.Unavailable, "The store answers with errors.", 503);
    private OrderHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await OrderHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task StoreHangs_IsAskedOnce_AndWhatWaitsIsSent()
    {
        await _host.Core.AddEventsAsync(2);
        _host.Zoey.ListsWithoutLines = true;
        _host.Place([.. Enumerable.Range(1, 20).Select(number => _host.Order($"{number}"))]);
        _host.Zoey.OnAsked = what =>
        {
            if (what.StartsWith("order ", StringComparison.Ordinal))
                throw FakeZoeyStore.Unavailable;
        };

        var run = await _host.RunAsync();
        var asked = _host.Zoey.Asked.Count(what => what.StartsWith("order ", StringComparison.Ordinal));
        _host.Zoey.OnAsked = _ => { };
        var next = await _host.RunAsync();

        Assert.Equal((RunStatus.Partial, 2, 1), (run.Status, run.Counts.Sent, asked));
        Assert.Equal((RunStatus.Succeeded, 40), (next.Status, next.Counts.Sent));
        Assert.Equal(20, (await _host.PlacedAsync()).Distinct().Count());
    }

    [Fact]
    public async Task StoreIsSlow_TheRunReadsForAFewMinutes_AndTheNextGoesOn()
    {
        _host.Zoey.ListsWithoutLines = true;
        _host.Place([.. Enumerable.Range(1, 9).Select(number => _host.Order($"{number}"))]);
        _host.Zoey.OnAsked = what =>
        {
            if (what.StartsWith("order ", StringComparison.Ordinal))
                _host.Core.Time.Advance(TimeSpan.FromSeconds(50));
        };

        var sent = new List<int>();
        for (var i = 0; i < 5; i++)
            sent.Add((await _host.RunAsync()).Counts.Sent);

        Assert.Equal([4, 4, 4, 4, 2], sent);
        Assert.Equal(9, (await _host.PlacedAsync()).Distinct().Count());
    }

    [Fact]
    public async Task DisconnectedDuringTheReading_OrdersAreReadOnceConnectedAgain()
    {
        _host.Place(_host.Order("1"), _host.Order("2"));
        _host.Core.Time.Advance(TimeSpan.FromHours(2));
        _host.Zoey.PageSize = 1;
        var disconnected = false;
        _host.Zoey.OnAsked = what =>
        {
            if (what == "orders page 1" && !disconnected)
                disconnected = _host.Core.Get<ConnectionStore>().DisconnectAsync(_host.Core.Store, TestContext.Current.CancellationToken).GetAwaiter().GetResult() || true;
        };
        await _host.RunAsync();
        Assert.Empty(await _host.OrdersAsync());

        _host.Core.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.Core.ConnectAsync();
        await _host.RunAsync();

        Assert.Equal(["1", "2"], await _host.PlacedAsync());
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task ListingDoesNotSayWhoPlacedAnOrder_TheOrderAloneDoes(bool adminTracking, int sent)
    {
        await _host.Core.SetAsync(Switch.AdminTracking, adminTracking);
        _host.Core.Time.Advance(TimeSpan.FromMinutes(1));
        _host.Zoey.ListsWithoutPlacer = true;
        _host.Place(_host.Order("1") with { CreatedByTeamMember = true });

        await _host.RunAsync();

        Assert.Equal(sent, (await _host.PlacedAsync()).Count);
    }

    [Fact]
    public async Task ListingDoesNotTellTheAddress_TheOrderAloneDoes_AsSoonAsItCanBeAsked()
    {
        await _host.Core.SetAsync(Switch.AdminTracking, true);
        _host.Zoey.ListsWithoutAddress = true;
        _host.Place(_host.Order("1"), _host.Order("2") with { Email = null });
        _host.Zoey.OnAsked = what =>
        {
            if (what.StartsWith("order e", StringComparison.Ordinal))
                throw FakeZoeyStore.Unavailable;
        };
        await _host.RunAsync();
        Assert.Empty(await _host.AllSkippedAsync());
        _host.Zoey.OnAsked = _ => { };

        await _host.RunAsync();

        Assert.Equal(["1"], await _host.PlacedAsync());
        Assert.StartsWith("Order 2", Assert.Single(await _host.AllSkippedAsync()).Record, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PaidDaysLater_WhileItsLinesCantBeRead_WaitsForThem()
    {
        _host.Zoey.ListsWithoutLines = true;
        _host.Place(_host.Order("1") with { Status = "pending_payment" });
        await _host.RunAsync();
        _host.Core.Time.Advance(TimeSpan.FromDays(2));
        _host.Change("1", order => order with { Status = "processing", Lines = null });
        _host.Zoey.OnAsked = what =>
        {
            if (what.StartsWith("order ", StringComparison.Ordinal))
                throw s_broken;
        };
        await _host.RunAsync();
        Assert.Equal((StoreOrderState.Waiting, "products"), ((await _host.OrderAsync("1")).State, (await _host.OrderAsync("1")).Reason));
        _host.Core.Time.Advance(TimeSpan.FromHours(5));
        await _host.RunAsync();
        Assert.Empty(await _host.PayloadsAsync());

        _host.Zoey.OnAsked = _ => { };
        _host.Change("1", order => _host.Order("1") with { CreatedUtc = order.CreatedUtc, EntityId = order.EntityId });
        await _host.RunAsync();

        Assert.Equal(2, (await _host.PayloadsAsync()).Count);
    }

    [Fact]
    public async Task OrderThatCantBeRead_IsSaidOnce_AndHoldsNobodyUp()
    {
        _host.Place(_host.Order("1"));
        _host.Zoey.Unreadable.AddRange([new("77", "grand_total is missing"), new("77", "grand_total is missing")]);

        var run = await _host.RunAsync();
        var next = await _host.RunAsync();

        Assert.Equal((RunStatus.Partial, "Orders could not be read: one can't be read, and nothing is sent of it; the run's records name it. 2 sent."), (run.Status, run.Message));
        var record = Assert.Single(await _host.Core.RecordsAsync(run.Id), record => record.Record == "Order 77");
        Assert.Equal("grand_total is missing", record.Error);
        Assert.Equal((RunStatus.Succeeded, 0), (next.Status, next.Counts.Failed));
    }

    [Fact]
    public async Task NoOrderCanBeRead_EachRunSaysSo()
    {
        _host.Zoey.Unreadable.Add(new("77", "is no object"));
        await _host.RunAsync();

        var next = await _host.RunAsync();

        Assert.Contains("the store gives them in a way that can't be read", next.Message, StringComparison.Ordinal);
        Assert.NotNull((await _host.ReadingAsync()).Problem);
    }
}

public sealed class SqliteOrderReadingTests() : OrderReadingTests(DatabaseProvider.Sqlite);

public sealed class PostgresOrderReadingTests() : OrderReadingTests(DatabaseProvider.Postgres);
