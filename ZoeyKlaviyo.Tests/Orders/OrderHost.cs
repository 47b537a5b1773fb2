using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Orders;

/// <summary>The Core with a store in memory; connected ten minutes before the clock's time.</summary>
internal sealed class OrderHost : IAsyncDisposable
{
    private readonly CoreHost _core;

    private OrderHost(CoreHost core, FakeZoeyStore zoey) => (_core, Zoey) = (core, zoey);

    public FakeZoeyStore Zoey { get; }

    public CoreHost Core => _core;

    public DateTimeOffset Now => _core.Time.GetUtcNow();

    public static async Task<OrderHost> StartAsync(DatabaseProvider provider, Dictionary<string, string?>? settings = null)
    {
        var zoey = new FakeZoeyStore();
        var core = await CoreHost.StartAsync(provider, settings ?? [], services => services.Replace(ServiceDescriptor.Singleton<IZoeyClient>(zoey)));
        var host = new OrderHost(core, zoey);
        await core.ConnectAsync();
        await core.SetAsync(ZoeyKlaviyo.Core.Settings.Switch.AdminTracking, false);
        core.Time.Advance(TimeSpan.FromMinutes(10));
        core.Klaviyo.OnEvent(_ => KlaviyoStub.Accepted()).On("GET /api/metrics", _ => KlaviyoStub.Json(200, """{"data":[]}"""))
            .On("POST /oauth/token", _ => KlaviyoStub.Tokens("access-2")).On("POST /oauth/revoke", _ => KlaviyoStub.Json(200, "{}"));
        return host;
    }

    /// <summary>Placed now by jo: two mugs of 10.00.</summary>
    public ZoeyOrder Order(string number, DateTimeOffset? created = null) => new(
        EntityId: $"e{number}",
        number,
        "processing",
        created ?? Now,
        CartId: $"q{number}",
        CustomerId: "7",
        "jo@shop-demo.com",
        GrandTotal: 25.5m,
        "USD",
        DiscountAmount: 0,
        CouponCode: null,
        CreatedByTeamMember: false,
        BillingAddress: null,
        ShippingAddress: null,
        Lines: [new ZoeyOrderLine("900", "77", null, "MUG", "Mug", 2, 10, 20)]);

    public void Place(params ZoeyOrder[] orders)
    {
        lock (Zoey.Orders)
            Zoey.Orders.AddRange(orders);
    }

    public void Change(string number, Func<ZoeyOrder, ZoeyOrder> change)
    {
        var index = Zoey.Orders.FindIndex(order => order.Number == number);
        Zoey.Orders[index] = change(Zoey.Orders[index]);
    }

    public Task<Run> RunAsync() => _core.RunAsync(SyncKind.Events);

    public Task<CollectAnswer> PushAsync(params ZoeyOrder?[] orders) =>
        _core.Get<OrderFeed>().TakeAsync(_core.Store.Id, JsonSerializer.SerializeToUtf8Bytes(orders));

    public Task<List<Payload>> PayloadsAsync() => _core.PayloadsAsync();

    public async Task<List<string>> PlacedAsync() =>
        (await PayloadsAsync()).Where(payload => payload.Metric == Metrics.PlacedOrder).Select(payload => payload.UniqueId).ToList();

    public async Task<JsonObject> PropertiesAsync(string metric = Metrics.PlacedOrder) =>
        JsonNode.Parse((await PayloadsAsync()).Single(payload => payload.Metric == metric).Properties)!.AsObject();

    public Task<OrderReading> ReadingAsync() => _core.Get<OrderOverview>().ReadAsync(_core.Store, TestContext.Current.CancellationToken);

    public Task<List<StoreOrder>> OrdersAsync() => _core.ReadAsync(db => db.StoreOrders.OrderBy(order => order.Number).ToListAsync());

    public async Task<StoreOrder> OrderAsync(string number) => (await OrdersAsync()).Single(order => order.Number == number);

    public async Task<List<RunRecord>> SkippedAsync(Run run) =>
        (await _core.RecordsAsync(run.Id)).Where(record => record.Result == RecordResult.Skipped).ToList();

    public Task<List<RunRecord>> AllSkippedAsync() =>
        _core.ReadAsync(db => db.RunRecords.Where(record => record.Result == RecordResult.Skipped).ToListAsync());

    public ValueTask DisposeAsync() => _core.DisposeAsync();
}
