using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Tests.Orders;

public sealed class SqliteOrderFeedTests() : OrderFeedTests(DatabaseProvider.Sqlite);

public sealed class PostgresOrderFeedTests() : OrderFeedTests(DatabaseProvider.Postgres);

/// <summary>What becomes of pushed orders, at once and in the next run.</summary>
public abstract class OrderFeedTests(DatabaseProvider provider) : IAsyncLifetime
{
    private OrderHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await OrderHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ArrayWithOneBadElement_TheOthersCount_AndTheSameAgainQueuesNothing()
    {
        ZoeyOrder?[] orders = [_host.Order("1"), null, _host.Order("2"), _host.Order("2"), _host.Order(new string('9', 101))];

        var answer = await _host.PushAsync(orders);
        var again = await _host.PushAsync(orders);

        Assert.Equal(2, answer.Accepted);
        Assert.Equal([(3, "duplicate")], answer.Ignored);
        Assert.Equal([(1, "order"), (4, "increment_id")], answer.Rejected.Select(entry => (entry.Index, entry.Errors.ByField.Single().Key)));
        Assert.Equal((0, 3), (again.Accepted, again.Ignored.Count));
        Assert.Equal(["1", "2"], await _host.PlacedAsync());
        Assert.Empty(_host.Zoey.Asked);
    }

    [Fact]
    public async Task WhatDoesNotCount_IsSaidAtOnce_AndRecordedOnceInTheNextRun()
    {
        var connected = _host.Now - TimeSpan.FromMinutes(10);
        var answer = await _host.PushAsync(
            _host.Order("1") with { Email = null }, _host.Order("2") with { CreatedByTeamMember = true }, _host.Order("3", connected - TimeSpan.FromDays(1)),
            _host.Order("4") with { Status = "pending_payment" });
        await _host.Core.SetAsync(Switch.IsEnabled, false);
        _host.Core.Time.Advance(TimeSpan.FromMinutes(1));
        var disabled = await _host.PushAsync(_host.Order("5"));
        await _host.Core.SetAsync(Switch.IsEnabled, true);

        var run = await _host.RunAsync();
        await _host.RunAsync();

        Assert.Equal([(0, "no_address"), (1, "acting_admin"), (2, "before_connection"), (3, "not_placed")], answer.Ignored);
        Assert.Equal([(0, "disabled")], disabled.Ignored);
        var records = await _host.AllSkippedAsync();
        Assert.All(records, record => Assert.Equal(run.Id, record.RunId));
        Assert.Equal(
            ["Order 1", "Order 2 · jo@shop-demo.com", "Order 3 · jo@shop-demo.com", "Order 5 · jo@shop-demo.com"],
            records.Select(record => record.Record).Order(StringComparer.Ordinal));
        Assert.Equal((RunStatus.Succeeded, "0 sent, 4 skipped."), (run.Status, run.Message));
    }

    [Fact]
    public async Task UnknownSku_WaitsForTheNextRun_AndIsFinishedThere()
    {
        _host.Zoey.Products.Add(new ZoeyProduct("77", "MUG", "Mug", "simple", null, null, null));
        var order = _host.Order("1") with { Lines = [new ZoeyOrderLine("1", null, null, "MUG", "Mug", 1, 5, 5)] };

        var answer = await _host.PushAsync(order);
        var again = await _host.PushAsync(order);
        Assert.Empty(await _host.PayloadsAsync());
        await _host.RunAsync();

        Assert.Equal((1, "duplicate"), (answer.Accepted, again.Ignored.Single().Reason));
        Assert.Equal("77", (await _host.PropertiesAsync())["Items"]![0]!["ProductID"]!.GetValue<string>());
        Assert.Null((await _host.OrderAsync("1")).Body);
        Assert.Equal(1, (await _host.PushAsync(order with { Number = "2" })).Accepted);
        Assert.Equal(["1", "2"], await _host.PlacedAsync());
    }

    [Fact]
    public async Task WithoutCredentials_IsDecidedAtOnce_AndByLaterPushes()
    {
        _host.Zoey.IsSetUp = false;
        var unknown = _host.Order("1") with { Lines = [new ZoeyOrderLine("1", null, null, "MUG", "Mug", 1, 5, 5)] };
        var unpaid = _host.Order("2") with { Status = "pending_payment" };

        Assert.Equal(1, (await _host.PushAsync(unknown)).Accepted);
        Assert.Equal("not_placed", Assert.Single((await _host.PushAsync(unpaid)).Ignored).Reason);
        await _host.RunAsync();
        Assert.Equal(["1"], await _host.PlacedAsync());
        Assert.Equal(1, (await _host.PushAsync(unpaid with { Status = "processing" })).Accepted);
        await _host.RunAsync();

        Assert.Equal(["1", "2"], await _host.PlacedAsync());
    }

    [Fact]
    public async Task UnpaidPush_WithoutAnEntityId_IsSkippedAfterSevenDays()
    {
        await _host.PushAsync(_host.Order("1") with { Status = "canceled", EntityId = null });
        await _host.RunAsync();
        Assert.Equal(StoreOrderState.Waiting, (await _host.OrderAsync("1")).State);
        _host.Core.Time.Advance(TimeSpan.FromDays(8));

        var run = await _host.RunAsync();

        Assert.Equal("not_placed", Assert.Single(await _host.SkippedAsync(run)).ErrorCode);
    }

    [Fact]
    public async Task UnpaidPush_WithAnEntityId_IsReadAgainInTheStore()
    {
        var order = _host.Order("1");
        await _host.PushAsync(order with { Status = "pending_payment" });
        _host.Core.Time.Advance(TimeSpan.FromDays(1));
        _host.Place(order with { CreatedUtc = order.CreatedUtc - TimeSpan.FromMinutes(1) });

        await _host.RunAsync();

        Assert.Contains("orders e1", _host.Zoey.Asked);
        Assert.Equal(["1"], await _host.PlacedAsync());
    }
}
