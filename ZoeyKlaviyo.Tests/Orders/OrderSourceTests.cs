using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Tests.Orders;

public sealed class SqliteOrderSourceTests() : OrderSourceTests(DatabaseProvider.Sqlite);

public sealed class PostgresOrderSourceTests() : OrderSourceTests(DatabaseProvider.Postgres);

/// <summary>Which orders a run brings in, and that each is sent once, whatever happens meanwhile.</summary>
public abstract class OrderSourceTests(DatabaseProvider provider) : IAsyncLifetime
{
    private OrderHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await OrderHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task NewOrder_IsSentWithItsLines_AndNeverAgain()
    {
        _host.Place(_host.Order("100000001"));

        var run = await _host.RunAsync();
        var again = await _host.RunAsync();

        Assert.Equal((RunStatus.Succeeded, "2 sent."), (run.Status, run.Message));
        Assert.Equal((RunStatus.Succeeded, "No new events."), (again.Status, again.Message));
        Assert.Equal(
            [(Metrics.PlacedOrder, "100000001", 25.5m, "USD"), (Metrics.OrderedProduct, "100000001_900", 20m, "USD")],
            (await _host.PayloadsAsync()).Select(payload => (payload.Metric, payload.UniqueId, payload.Value!.Value, payload.Currency!)));
        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal(("jo@shop-demo.com", PayloadState.Sent), (payload.Email, payload.State)));
    }

    [Fact]
    public async Task NothingNew_StaysIdle()
    {
        _host.Core.StartDispatcher();
        var queued = await _host.Core.Get<RunQueue>().QueueAsync(_host.Core.Store.Id, SyncKind.Events, RunTrigger.Schedule, null, TestContext.Current.CancellationToken);

        Assert.True((await _host.Core.EndOfAsync(queued.RunId)).IsIdle);
        Assert.NotNull((await _host.ReadingAsync()).ReadUtc);
    }

    [Fact]
    public async Task WithoutCredentials_TheRunSaysNothing()
    {
        _host.Zoey.IsSetUp = false;
        _host.Place(_host.Order("1"));

        var run = await _host.RunAsync();

        Assert.Equal((RunStatus.Succeeded, "No new events."), (run.Status, run.Message));
        Assert.Empty(_host.Zoey.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PollAndPush_OfTheSameOrder_SendItOnce(bool isPushFirst)
    {
        var order = _host.Order("1");
        _host.Place(order);
        if (isPushFirst)
            Assert.Equal(1, (await _host.PushAsync(order)).Accepted);
        await _host.RunAsync();

        var answer = await _host.PushAsync(order with { GrandTotal = 99, Email = "other@shop-demo.com" });
        await _host.RunAsync();

        Assert.Equal([(0, "duplicate")], answer.Ignored);
        Assert.Equal(2, (await _host.PayloadsAsync()).Count);
        Assert.Equal(StoreOrderState.Queued, (await _host.OrderAsync("1")).State);
    }

    [Fact]
    public async Task PollAndPush_AtTheSameMoment_SendEachOrderOnce()
    {
        var orders = Enumerable.Range(1, 40).Select(number => _host.Order($"{number:000}")).ToArray();
        _host.Place(orders);
        _host.Zoey.PageSize = 7;

        var pushes = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            foreach (var chunk in orders.Reverse().Chunk(9))
                await _host.PushAsync(chunk);
        }));
        await Task.WhenAll([.. pushes, _host.RunAsync()]);
        await _host.RunAsync();

        Assert.Equal(40, (await _host.PlacedAsync()).Count);
        Assert.Equal(80, (await _host.PayloadsAsync()).Count(payload => payload.State == PayloadState.Sent));
        Assert.All(await _host.OrdersAsync(), order => Assert.Equal(StoreOrderState.Queued, order.State));
    }

    [Theory]
    [InlineData("pending_payment")]
    [InlineData("Pending_Payment")]
    [InlineData("fraud")]
    public async Task PaidLater_IsSentOnce_AtTheTimeItWasPlaced(string status)
    {
        var created = _host.Now;
        _host.Place(_host.Order("1") with { Status = status });
        var waiting = await _host.RunAsync();
        Assert.Equal("No new events.", waiting.Message);
        Assert.Equal((StoreOrderState.Waiting, "not_placed"), ((await _host.OrderAsync("1")).State, (await _host.OrderAsync("1")).Reason));
        Assert.Equal(1, (await _host.ReadingAsync()).NotPlaced);
        await AgeAsync(TimeSpan.FromDays(2));
        _host.Change("1", order => order with { Status = "processing" });

        await _host.RunAsync();
        await _host.RunAsync();

        Assert.Equal(2, (await _host.PayloadsAsync()).Count);
        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal(created.ToUnixTimeMilliseconds(), payload.OccurredUtc.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task NeverPaid_IsSkippedAfterSevenDays_AndSaidOnce()
    {
        _host.Place(_host.Order("1") with { Status = "pending_payment" });
        await _host.RunAsync();
        await AgeAsync(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));

        var run = await _host.RunAsync();
        _host.Change("1", order => order with { Status = "processing" });
        await _host.RunAsync();

        var record = Assert.Single(await _host.AllSkippedAsync());
        Assert.Equal((run.Id, "Order 1 · jo@shop-demo.com", "not placed within 7 days"), (record.RunId, record.Record, record.Error));
        Assert.NotNull(ErrorAdvice.For(record.ErrorCode));
        Assert.Equal((1, "0 sent, 1 skipped."), (run.Counts.Skipped, run.Message));
        Assert.Empty(await _host.PayloadsAsync());
    }

    [Fact]
    public async Task NotPlaced_StoreDoesNotAnswer_WaitsOnBeyondSevenDays()
    {
        _host.Place(_host.Order("1") with { Status = "pending_payment" });
        await _host.RunAsync();
        await AgeAsync(TimeSpan.FromDays(8));
        _host.Zoey.OnAsked = _ => throw FakeZoeyStore.Unavailable;
        await _host.RunAsync();
        _host.Change("1", order => order with { Status = "complete" });
        _host.Zoey.OnAsked = _ => { };

        await _host.RunAsync();

        Assert.Equal(["1"], await _host.PlacedAsync());
    }

    [Fact]
    public async Task StatusesNotPlaced_Configured_ReplaceTheDefaults()
    {
        await using var host = await OrderHost.StartAsync(provider, new() { ["Zoey:OrderStatusesNotPlaced:0"] = "quote_requested" });
        host.Place(host.Order("1") with { Status = "Quote_Requested" }, host.Order("2") with { Status = "pending_payment" });

        await host.RunAsync();

        Assert.Equal(["2"], await host.PlacedAsync());
    }

    [Fact]
    public async Task NoAddress_IsSkipped()
    {
        _host.Place(_host.Order("1") with { Email = "nobody" }, _host.Order("2") with { Email = null }, _host.Order("3") with { Email = " JO@Shop-Demo.com" });

        var run = await _host.RunAsync();

        Assert.Equal(["no_address", "no_address"], (await _host.SkippedAsync(run)).Select(record => record.ErrorCode));
        Assert.Equal("jo@shop-demo.com", (await _host.PayloadsAsync())[0].Email);
    }

    [Fact]
    public async Task BeforeTheConnection_IsNotSent_NorListed()
    {
        var connected = _host.Now - TimeSpan.FromMinutes(10);
        _host.Place(_host.Order("1", connected - TimeSpan.FromMilliseconds(1)), _host.Order("2", connected));
        await _host.PushAsync(_host.Order("3", connected - TimeSpan.FromDays(3)));

        await _host.RunAsync();

        Assert.Equal(["2"], await _host.PlacedAsync());
        Assert.Equal("3", Assert.Single(await _host.AllSkippedAsync()).Record.Split(' ')[1]);
    }

    [Fact]
    public async Task BetweenTwoConnections_IsNotSent_AndNotListed()
    {
        _host.Place(_host.Order("1"));
        await AgeAsync(TimeSpan.FromMinutes(10));
        await _host.Core.Get<ConnectionStore>().DisconnectAsync(_host.Core.Store, TestContext.Current.CancellationToken);
        await AgeAsync(TimeSpan.FromMinutes(10));
        _host.Place(_host.Order("2"));
        Assert.Equal([(0, "not_connected")], (await _host.PushAsync(_host.Order("4"))).Ignored);
        await AgeAsync(TimeSpan.FromMinutes(10));
        await _host.Core.ConnectAsync();
        await AgeAsync(TimeSpan.FromMinutes(10));
        _host.Place(_host.Order("3"));

        await _host.RunAsync();

        Assert.Equal(["1", "3"], await _host.PlacedAsync());
        Assert.Equal("before_connection", (await _host.OrderAsync("2")).Reason);
        Assert.Empty(await _host.AllSkippedAsync());
    }

    [Fact]
    public async Task OfAnotherAccountsTime_IsNotSent_AlsoWhenPaidAfterTheSwitch()
    {
        _host.Place(_host.Order("1"), _host.Order("2") with { Status = "pending_payment" });
        await _host.RunAsync();
        _host.Place(_host.Order("3"));
        await AgeAsync(TimeSpan.FromMinutes(5));
        await _host.Core.Get<ConnectionStore>().DisconnectAsync(_host.Core.Store, TestContext.Current.CancellationToken);
        await _host.Core.ConnectAsync("XYZ789");
        await AgeAsync(TimeSpan.FromMinutes(5));
        _host.Change("2", order => order with { Status = "processing" });
        _host.Place(_host.Order("4"));

        await _host.RunAsync();

        Assert.Equal([("1", "ABC123"), ("4", "XYZ789")], (await _host.PayloadsAsync()).Where(payload => payload.Metric == Metrics.PlacedOrder)
            .Select(payload => (payload.UniqueId, payload.AccountId)));
        Assert.Equal((StoreOrderState.Skipped, "before_connection"), ((await _host.OrderAsync("2")).State, (await _host.OrderAsync("2")).Reason));
    }

    [Theory]
    [InlineData(Switch.IsEnabled, "disabled")]
    [InlineData(Switch.PlacedOrder, null)]
    [InlineData(Switch.OrderedProduct, null)]
    public async Task WhileASwitchWasNo_IsNotSent_AlsoWhenItIsYesAgain(Switch @switch, string? reason)
    {
        await _host.Core.SetAsync(@switch, false);
        await AgeAsync(TimeSpan.FromMinutes(1));
        _host.Place(_host.Order("1"));
        await AgeAsync(TimeSpan.FromMinutes(1));
        await _host.Core.SetAsync(@switch, true);

        var run = await _host.RunAsync();

        Assert.Equal(reason, (await _host.OrderAsync("1")).Reason);
        Assert.Equal(
            @switch switch { Switch.PlacedOrder => [Metrics.OrderedProduct], Switch.OrderedProduct => [Metrics.PlacedOrder], _ => [] },
            (await _host.PayloadsAsync()).Select(payload => payload.Metric));
        Assert.Equal(reason is null ? 0 : 1, (await _host.SkippedAsync(run)).Count);
    }

    [Fact]
    public async Task BothSwitchesNo_IsSkipped_WhatCameBeforeIsNot()
    {
        _host.Place(_host.Order("1"));
        await AgeAsync(TimeSpan.FromMinutes(1));
        await _host.Core.SetAsync(Switch.PlacedOrder, false);
        await _host.Core.SetAsync(Switch.OrderedProduct, false);
        await AgeAsync(TimeSpan.FromMinutes(1));
        _host.Place(_host.Order("2"));

        var run = await _host.RunAsync();

        Assert.Equal(["1"], await _host.PlacedAsync());
        Assert.Equal("function_off", Assert.Single(await _host.SkippedAsync(run)).ErrorCode);
    }

    [Fact]
    public async Task EditedLater_SendsNothing()
    {
        _host.Place(_host.Order("1"));
        await _host.RunAsync();
        _host.Change("1", order => order with { Status = "canceled", GrandTotal = 1, Email = "new@shop-demo.com" });
        await _host.RunAsync();
        _host.Change("1", order => order with { Status = "complete" });

        await _host.RunAsync();

        Assert.Equal(2, (await _host.PayloadsAsync()).Count);
    }

    [Fact]
    public async Task LateInTheListing_IsFoundWithinHalfAnHour()
    {
        var late = _host.Order("1");
        await AgeAsync(TimeSpan.FromMinutes(29));
        _host.Place(_host.Order("2"));
        await _host.RunAsync();
        _host.Place(late);

        await _host.RunAsync();

        Assert.Equal(["2", "1"], await _host.PlacedAsync());
    }

    [Fact]
    public async Task StoreFailsOnPageThree_WhatWasReadIsSent_AndTheNextRunGoesOn()
    {
        var first = _host.Now;
        _host.Place([.. Enumerable.Range(0, 9).Select(number => _host.Order($"{number}", first + TimeSpan.FromHours(number)))]);
        await AgeAsync(TimeSpan.FromHours(9));
        _host.Zoey.PageSize = 1;
        _host.Zoey.OnAsked = what =>
        {
            if (what == "orders page 3")
                throw FakeZoeyStore.Unavailable;
        };

        var failed = await _host.RunAsync();
        var problem = (await _host.ReadingAsync()).Problem;
        _host.Zoey.OnAsked = _ => { };
        _host.Zoey.Asked.Clear();
        var next = await _host.RunAsync();

        Assert.Equal((RunStatus.Partial, "Orders could not be read: The store does not answer; nothing has to be done. 4 sent."), (failed.Status, failed.Message));
        Assert.Equal("The store does not answer; nothing has to be done.", problem);
        Assert.Equal((RunStatus.Succeeded, "14 sent."), (next.Status, next.Message));
        // All of it once more: a listing tells how far it was read only when it was read to its end.
        Assert.Equal(10, _host.Zoey.Asked.Count(what => what.StartsWith("orders page", StringComparison.Ordinal)));
        Assert.Equal(9, (await _host.PlacedAsync()).Count);
        var reading = await _host.ReadingAsync();
        Assert.Equal((first + TimeSpan.FromHours(8), null), (reading.ReadUntilUtc, reading.Problem));
    }

    [Theory]
    [InlineData("StoreOrders", 0)]
    [InlineData("OrderWatermarks", 4)]
    public async Task CrashInAWrite_LosesNothing_AndSendsNothingTwice(string table, int sentAllTheSame)
    {
        _host.Place(_host.Order("1"), _host.Order("2"));
        await FailWritesOfAsync(table);
        var broken = await _host.RunAsync();
        Assert.Equal((RunStatus.Partial, sentAllTheSame), (broken.Status, broken.Counts.Sent));
        Assert.Contains("Orders could not be read", broken.Message, StringComparison.Ordinal);
        await AllowWritesOfAsync(table);

        var next = await _host.RunAsync();

        Assert.Equal(4 - sentAllTheSame, next.Counts.Sent);
        Assert.Equal(["1", "2"], await _host.PlacedAsync());
    }

    [Fact]
    public async Task SourceBreaks_WhatWaitsIsSent()
    {
        await _host.Core.AddEventsAsync(1);
        _host.Zoey.OnAsked = _ => throw new InvalidOperationException("not foreseen");

        var run = await _host.RunAsync();

        Assert.Equal(RunStatus.Partial, run.Status);
        Assert.Equal(PayloadState.Sent, Assert.Single(await _host.PayloadsAsync()).State);
    }

    [Fact]
    public async Task LastSecondOfADay_AndAClockAhead_AreSentAtTheirTimes()
    {
        var midnight = new DateTimeOffset(_host.Now.Date.AddDays(1), TimeSpan.Zero);
        await AgeAsync(midnight - _host.Now + TimeSpan.FromMinutes(10));
        _host.Place(
            _host.Order("1", midnight - TimeSpan.FromSeconds(1)), _host.Order("2", midnight), _host.Order("3", _host.Now + TimeSpan.FromMinutes(4)),
            _host.Order("4", _host.Now + TimeSpan.FromHours(2)));

        await _host.RunAsync();
        var late = _host.Order("5");
        _host.Place(late);
        await _host.RunAsync();

        var placed = (await _host.PayloadsAsync()).Where(payload => payload.Metric == Metrics.PlacedOrder).ToDictionary(payload => payload.UniqueId);
        Assert.Equal(midnight - TimeSpan.FromSeconds(1), placed["1"].OccurredUtc);
        Assert.Equal(midnight, placed["2"].OccurredUtc);
        Assert.Equal(_host.Zoey.Orders[2].CreatedUtc.ToUnixTimeMilliseconds(), placed["3"].OccurredUtc.ToUnixTimeMilliseconds());
        Assert.True(placed["4"].OccurredUtc <= _host.Now);
        // An order from the future moves the reading no further than the clock.
        Assert.Contains("5", placed.Keys);
        Assert.Contains(_host.Core.Klaviyo.Requests, request => request.Body.Contains("T23:59:59Z", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FirstReading_GoesBackThirtyDays_AtMost()
    {
        _host.Place(_host.Order("1"));
        await AgeAsync(TimeSpan.FromDays(31));
        _host.Place(_host.Order("2", _host.Now - TimeSpan.FromDays(29)));

        await _host.RunAsync();

        Assert.Equal(["2"], await _host.PlacedAsync());
    }

    private Task AgeAsync(TimeSpan by)
    {
        _host.Core.Time.Advance(by);
        return Task.CompletedTask;
    }

    private Task FailWritesOfAsync(string table) => _host.Core.Database.WriteAsync(
        db => db.Database.ExecuteSqlRawAsync(provider == DatabaseProvider.Sqlite
            ? $"CREATE TRIGGER fail BEFORE INSERT ON \"{table}\" BEGIN SELECT RAISE(ABORT, 'broken'); END"
            : $"ALTER TABLE \"{table}\" ADD CONSTRAINT fail CHECK (false) NOT VALID", Cancel),
        Cancel);

    private Task AllowWritesOfAsync(string table) => _host.Core.Database.WriteAsync(
        db => db.Database.ExecuteSqlRawAsync(provider == DatabaseProvider.Sqlite ? "DROP TRIGGER fail" : $"ALTER TABLE \"{table}\" DROP CONSTRAINT fail", Cancel), Cancel);
}
