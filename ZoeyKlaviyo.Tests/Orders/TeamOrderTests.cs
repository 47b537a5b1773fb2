using System.Text;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Tests.Orders;

public sealed class SqliteTeamOrderTests() : TeamOrderTests(DatabaseProvider.Sqlite);

public sealed class PostgresTeamOrderTests() : TeamOrderTests(DatabaseProvider.Postgres);

/// <summary>Orders that somebody of the store placed in a customer's name.</summary>
public abstract class TeamOrderTests(DatabaseProvider provider) : IAsyncLifetime
{
    private OrderHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await OrderHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ByAdminOrderInfo_IsSkipped_AlsoAfterALaterYes()
    {
        _host.Place(_host.Order("1") with { CreatedByTeamMember = true });

        var run = await _host.RunAsync();
        await _host.Core.SetAsync(Switch.AdminTracking, true);
        await _host.RunAsync();

        var record = Assert.Single(await _host.AllSkippedAsync());
        Assert.Equal((run.Id, "acting_admin", "placed by team member"), (record.RunId, record.ErrorCode, record.Error));
        Assert.StartsWith("Skipped: placed by team member", ErrorAdvice.For(record.ErrorCode)!.Explanation, StringComparison.Ordinal);
        Assert.Empty(await _host.PayloadsAsync());
    }

    [Fact]
    public async Task AdminTrackingYes_WhenPlaced_IsSent_AlsoAfterALaterNo()
    {
        await _host.Core.SetAsync(Switch.AdminTracking, true);
        await ActAsAdminAsync("started_checkout", "q2");
        _host.Place(_host.Order("1") with { CreatedByTeamMember = true }, _host.Order("2"));
        _host.Core.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.Core.SetAsync(Switch.AdminTracking, false);

        await _host.RunAsync();

        Assert.Equal(["1", "2"], await _host.PlacedAsync());
    }

    [Theory]
    [InlineData("started_checkout")]
    [InlineData("added_to_cart")]
    public async Task ByTheCart_IsSkipped_AlsoWhenTheShopperChecksItOut(string type)
    {
        await ActAsAdminAsync(type, "q1");
        await ShopAsync("q1");
        _host.Place(_host.Order("1"), _host.Order("2"));

        await _host.RunAsync();

        Assert.Equal("acting_admin", (await _host.OrderAsync("1")).Reason);
        Assert.Equal(["2"], await _host.PlacedAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("other@shop-demo.com")]
    public async Task CartClaimedForAnybodyElse_TheOrderIsSent(string? email)
    {
        await ActAsAdminAsync("added_to_cart", "q1", email);
        await NoteAsync("q2", email);
        _host.Place(_host.Order("1"), _host.Order("2"), _host.Order("3") with { Email = null });

        await _host.RunAsync();

        Assert.Equal(["1", "2"], await _host.PlacedAsync());
        Assert.Equal("no_address", (await _host.OrderAsync("3")).Reason);
    }

    [Fact]
    public async Task WithoutACart_AnotherAddressClaimsTheShoppersOwn_TheOrderIsSent()
    {
        await ActAsAdminAsync("added_to_cart", "admins");
        _host.Core.Time.Advance(TimeSpan.FromMinutes(1));
        await ShopAsync("own");
        await ActAsAdminAsync("added_to_cart", "own", "other@shop-demo.com");
        _host.Core.Time.Advance(TimeSpan.FromMinutes(1));
        _host.Place(_host.Order("1") with { CartId = null });

        await _host.RunAsync();

        Assert.Equal(["1"], await _host.PlacedAsync());
    }

    [Fact]
    public async Task WithoutACart_ByTheAddressAdminsWorkedForLast()
    {
        await ActAsAdminAsync("added_to_cart", "admins");
        _host.Core.Time.Advance(TimeSpan.FromHours(1));
        _host.Place(_host.Order("1") with { CartId = null }, _host.Order("2") with { CartId = null, Email = "other@shop-demo.com" });
        _host.Core.Time.Advance(TimeSpan.FromMinutes(1));
        await ShopAsync("own");
        _host.Core.Time.Advance(TimeSpan.FromMinutes(1));
        _host.Place(_host.Order("3") with { CartId = null });
        _host.Core.Time.Advance(TimeSpan.FromMinutes(1));

        await _host.RunAsync();

        Assert.Equal(["2", "3"], await _host.PlacedAsync());
        Assert.Equal("acting_admin", (await _host.OrderAsync("1")).Reason);
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(25, true)]
    public async Task WithoutACart_OnlyForADay(int hours, bool isSent)
    {
        await ActAsAdminAsync("added_to_cart", "admins");
        _host.Core.Time.Advance(TimeSpan.FromHours(hours));
        _host.Place(_host.Order("1") with { CartId = null });

        await _host.RunAsync();

        Assert.Equal(isSent, (await _host.PlacedAsync()).Count == 1);
    }

    [Fact]
    public async Task Carts_AreNotedThoughTheEventDoesNotCount_AndForgottenAfterThirtyDays()
    {
        await ActAsAdminAsync("started_checkout", "q1");
        await _host.Core.SetAsync(Switch.StartedCheckout, false);
        _host.Core.Time.Advance(TimeSpan.FromDays(20));
        await ActAsAdminAsync("started_checkout", "q2");
        await ActAsAdminAsync("added_to_cart", "q1");
        await ActAsAdminAsync("added_to_cart", "q3", email: null);
        await ActAsAdminAsync("added_to_cart", null);
        await ShopAsync("q4");
        Assert.Equal([("q1", "jo@shop-demo.com"), ("q2", "jo@shop-demo.com")], (await CartsAsync()).Select(cart => (cart.CartId, cart.Email)));
        Assert.All(await CartsAsync(), cart => Assert.Equal(_host.Now.ToUnixTimeMilliseconds(), cart.SeenUtc.ToUnixTimeMilliseconds()));
        Assert.Empty(await _host.PayloadsAsync());
        _host.Core.Time.Advance(TimeSpan.FromDays(29));
        await _host.RunAsync();
        Assert.Equal(2, (await CartsAsync()).Count);
        _host.Core.Time.Advance(TimeSpan.FromDays(2));

        await _host.RunAsync();

        Assert.Empty(await CartsAsync());
    }

    [Fact]
    public async Task ManyOldCarts_AreAllForgottenAtOnce()
    {
        for (var i = 0; i < 250; i++)
            await NoteAsync($"old{i}", "jo@shop-demo.com");
        _host.Core.Time.Advance(TimeSpan.FromDays(31));
        await NoteAsync("new", "jo@shop-demo.com");

        await _host.RunAsync();

        Assert.Equal("new", Assert.Single(await CartsAsync()).CartId);
    }

    [Fact]
    public async Task ManyEventsOfOneCart_AreOneNoteOfItsNewest()
    {
        var store = (await _host.Core.Get<IntakeStores>().FindAsync("public-acme", TestContext.Current.CancellationToken))!;
        string Event(string cart, int minutesAgo) =>
            $$"""{"id":"{{Guid.NewGuid()}}","type":"added_to_cart","checkoutId":"{{cart}}","occurredAt":"{{_host.Now - TimeSpan.FromMinutes(minutesAgo):O}}"}""";
        var request = CollectRequest.Parse(
            Encoding.UTF8.GetBytes($$"""{"visitor":{"email":"jo@shop-demo.com","actingAdmin":true},"events":[{{Event("q1", 3)}},{{Event("q1", 1)}},{{Event("q2", 5)}},{{Event("q1", 2)}}]}"""),
            _host.Now);

        Assert.Equal(
            [("q1", _host.Now - TimeSpan.FromMinutes(1)), ("q2", _host.Now - TimeSpan.FromMinutes(5))],
            EventIntake.AdminCarts(store, request).Select(cart => (cart.CartId, cart.SeenUtc)));
    }

    /// <summary>As older versions noted it, too: without an address.</summary>
    private Task NoteAsync(string cart, string? email) => _host.Core.Database.WriteAsync(
        db =>
        {
            db.AdminCarts.Add(new AdminCart { StoreId = _host.Core.Store.Id, CartId = cart, Email = email, SeenUtc = _host.Now });
            return Task.CompletedTask;
        },
        TestContext.Current.CancellationToken);

    private Task<List<AdminCart>> CartsAsync() => _host.Core.ReadAsync(db => db.AdminCarts.OrderBy(cart => cart.CartId).ToListAsync());

    private async Task ActAsAdminAsync(string type, string? cart, string? email = "jo@shop-demo.com") => await _host.Core.CollectAsync(
        $$"""{"visitor":{{{(email is null ? "" : $"\"email\":\"{email}\",")}}"actingAdmin":true},"events":[{"id":"{{Guid.NewGuid()}}","type":"{{type}}"{{(cart is null ? "" : $",\"checkoutId\":\"{cart}\"")}}}]}""");

    private async Task ShopAsync(string cart) => await _host.Core.CollectAsync(
        $$"""{"visitor":{"email":"jo@shop-demo.com"},"events":[{"id":"{{Guid.NewGuid()}}","type":"started_checkout","checkoutId":"{{cart}}"}]}""");
}
