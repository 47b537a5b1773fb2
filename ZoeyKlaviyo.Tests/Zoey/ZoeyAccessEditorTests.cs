using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores.Api;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Zoey.ZoeyStub;

namespace ZoeyKlaviyo.Tests.Zoey;

public sealed class SqliteZoeyAccessEditorTests() : ZoeyAccessEditorTests(DatabaseProvider.Sqlite);

public sealed class PostgresZoeyAccessEditorTests() : ZoeyAccessEditorTests(DatabaseProvider.Postgres);

public abstract class ZoeyAccessEditorTests(DatabaseProvider provider) : IAsyncLifetime
{
    private static readonly ZoeyCredentials s_four = new() { ConsumerKey = "ck-1", ConsumerSecret = "cs-1", AccessToken = "at-1", TokenSecret = "ts-1" };
    private CoreHost _host = default!;
    private ZoeyStub _store = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ZoeyAccessEditor Editor => _host.Get<ZoeyAccessEditor>();

    public async ValueTask InitializeAsync()
    {
        (_host, _store) = await StartAsync(provider, []);
        // A store that people look after, as those of the configuration have a fixed address.
        await _host.Database.WriteAsync(db => db.Stores.ExecuteUpdateAsync(update => update.SetProperty(store => store.FromConfiguration, false), Cancel), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Save_IsUsedAndRecordedWithoutSecrets()
    {
        _store.On("products/7/categories", _ => Json("[]"));

        var outcome = await SaveAsync(0, "https://acme.test/", s_four);
        await _store.PumpAsync((client, store) => client.ReadCategoryIdsAsync(store, "7", Cancel));

        Assert.Empty(outcome.Errors);
        Assert.Equal(("https://acme.test", true, "Ana", false), (outcome.Current.BaseUrl, outcome.Current.IsSet, outcome.Current.ChangedBy, outcome.Current.FromConfiguration));
        Assert.Contains("ck-1", _store.Requests.Single().Authorization, StringComparison.Ordinal);
        var change = await _host.ReadAsync(db => db.SettingChanges.SingleAsync(Cancel));
        Assert.Equal(("Store API", "Not set up", "OAuth 1.0a, https://acme.test"), (change.Subject, change.From, change.To));
        Assert.DoesNotMatch("ck-1|cs-1|at-1|ts-1", JsonSerializer.Serialize(outcome) + outcome + new ZoeyAccessChange(0, "", ZoeyAuthMode.OAuth1, s_four));
    }

    [Fact]
    public async Task Save_LeavesEmptySecretsAsTheyWere()
    {
        var first = await SaveAsync(0, "https://acme.test", s_four);

        var second = await SaveAsync(first.Current.Version, "https://acme.test", new ZoeyCredentials { TokenSecret = "ts-2" });

        Assert.Empty(second.Errors);
        Assert.Equal(s_four with { TokenSecret = "ts-2" }, ZoeyCredentials.FromJson(
            _host.Get<ISecretProtector>().Unprotect((await _host.ReadAsync(db => db.ZoeyAccess.SingleAsync(Cancel))).CredentialsProtected)));
    }

    [Fact]
    public async Task Save_AnotherAddress_NeedsEverySecretAgain()
    {
        var first = await SaveAsync(0, "https://acme.test", s_four);

        var kept = await SaveAsync(first.Current.Version, "https://evil.test", new ZoeyCredentials { ConsumerKey = "x", ConsumerSecret = "x", AccessToken = "x" });
        Assert.Equal("TokenSecret", Assert.Single(kept.Errors).Field);
        Assert.Equal("https://acme.test", kept.Current.BaseUrl);

        var typed = await SaveAsync(first.Current.Version, "https://other.test", new() { ConsumerKey = "a", ConsumerSecret = "b", AccessToken = "c", TokenSecret = "d" });
        Assert.Empty(typed.Errors);
    }

    [Fact]
    public async Task Save_AnotherAddress_TakesTheSameSecretsWhenTheyAreTypedAgain()
    {
        var first = await SaveAsync(0, "https://acme.test", s_four);

        var typed = await SaveAsync(first.Current.Version, "https://www.acme.test", s_four);

        Assert.Empty(typed.Errors);
        Assert.Equal("https://www.acme.test", typed.Current.BaseUrl);
    }

    [Theory]
    [InlineData("https://other.test", true)]
    [InlineData("https://ACME.test/shop", false)]
    public async Task Save_AnotherHost_ReadsOrdersAnewButKnowsThem(string address, bool isAnew)
    {
        var first = await SaveAsync(0, "https://acme.test", s_four);
        var (id, now) = (_host.Store.Id, _host.Time.GetUtcNow());
        await _host.Database.WriteAsync(
            db =>
            {
                db.OrderWatermarks.Add(new OrderWatermark { StoreId = id, ReadUntilUtc = now });
                db.KnownProducts.Add(new KnownProduct { StoreId = id, ProductId = "7", Categories = "[]", ReadUtc = now });
                db.StoreOrders.Add(new StoreOrder { StoreId = id, Number = "100", State = StoreOrderState.Skipped, CreatedUtc = now, FirstSeenUtc = now });
                return Task.CompletedTask;
            },
            Cancel);

        Assert.Empty((await SaveAsync(first.Current.Version, address, s_four)).Errors);

        var kept = isAnew ? 0 : 1;
        Assert.Equal(
            (kept, kept, 1),
            await _host.ReadAsync(async db => (await db.OrderWatermarks.CountAsync(Cancel), await db.KnownProducts.CountAsync(Cancel), await db.StoreOrders.CountAsync(Cancel))));
        var change = (await _host.ReadAsync(db => db.SettingChanges.OrderBy(change => change.Id).ToListAsync(Cancel)))[^1];
        Assert.Equal(isAnew, change.To.Contains("orders are read anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Save_AnotherTokenAddress_NeedsEverySecretAgain()
    {
        var four = new ZoeyCredentials { TokenUrl = "https://acme.test/token", ClientId = "i", ClientSecret = "s", RefreshToken = "r" };
        var first = await SaveAsync(0, "https://acme.test", four, ZoeyAuthMode.OAuth2);

        var kept = await SaveAsync(first.Current.Version, "https://acme.test", new ZoeyCredentials { TokenUrl = "https://evil.test/token" }, ZoeyAuthMode.OAuth2);

        Assert.Equal(["ClientId", "ClientSecret", "RefreshToken"], kept.Errors.Select(error => error.Field));
    }

    [Fact]
    public async Task Save_AnotherMode_KeepsNothing()
    {
        var first = await SaveAsync(0, "https://acme.test", s_four);

        var second = await SaveAsync(first.Current.Version, "https://acme.test", new ZoeyCredentials { ClientId = "i" }, ZoeyAuthMode.OAuth2);

        Assert.Equal(["TokenUrl", "ClientSecret", "RefreshToken"], second.Errors.Select(error => error.Field));
    }

    [Theory]
    [InlineData("http://acme.test")]
    [InlineData("acme.test")]
    [InlineData("ftp://acme.test")]
    [InlineData("https://user:pw@acme.test")]
    [InlineData("https://acme.test/?x=1")]
    [InlineData("")]
    public async Task Save_UnsafeAddress_IsRefused(string address)
    {
        Assert.Equal("BaseUrl", Assert.Single((await SaveAsync(0, address, s_four)).Errors).Field);
        Assert.Empty((await SaveAsync(0, "http://localhost:5090/zoey", s_four)).Errors);
    }

    [Fact]
    public async Task Save_FromAStaleWindow_SavesNothingAndSaysWhoWasFaster()
    {
        await SaveAsync(0, "https://acme.test", s_four);

        var outcome = await SaveAsync(0, "https://acme.test", s_four);

        Assert.StartsWith("Ana changed the store's API meanwhile", Assert.Single(outcome.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_LeavesNothing()
    {
        var first = await SaveAsync(0, "https://acme.test", s_four);

        var outcome = await Editor.RemoveAsync(_host.Store, first.Current.Version, Cancel);

        Assert.Equal((false, 0), (outcome.Current.IsSet, outcome.Current.Version));
        Assert.Empty(await _host.ReadAsync(db => db.ZoeyAccess.ToListAsync(Cancel)));
        Assert.NotEmpty((await SaveAsync(first.Current.Version, "https://acme.test", s_four)).Errors);
    }

    [Fact]
    public async Task ByPersonWhoMayOnlyLook_Refused()
    {
        var support = (await _host.Get<StoreAccess>().OpenAsync(new Person("sam", "Sam", true, false, new HashSet<string>()), "acme", Cancel))!;

        Assert.False((await Editor.ReadAsync(support, Cancel)).IsSet);
        await Assert.ThrowsAsync<AccessDeniedException>(() => Editor.SaveAsync(support, new(0, "https://acme.test", ZoeyAuthMode.OAuth1, s_four), Cancel));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Editor.RemoveAsync(support, 0, Cancel));
        await Assert.ThrowsAsync<AccessDeniedException>(() => _host.Get<ZoeyProbe>().RunAsync(support, Cancel));
    }

    [Fact]
    public async Task CredentialsOfTheConfiguration_CannotBeChanged()
    {
        var (host, _) = await StartAsync(provider, OAuth1);
        await using var _1 = host;
        var editor = host.Get<ZoeyAccessEditor>();
        var view = await editor.ReadAsync(host.Store, Cancel);

        Assert.True(view is { IsSet: true, FromConfiguration: true, IsAddressFixed: true });
        Assert.Contains("configuration", Assert.Single((await editor.SaveAsync(host.Store, new(view.Version, "", ZoeyAuthMode.OAuth1, s_four), Cancel)).Errors).Message, StringComparison.Ordinal);
        Assert.Single((await editor.RemoveAsync(host.Store, view.Version, Cancel)).Errors);
    }

    private Task<ZoeyAccessOutcome> SaveAsync(int seen, string address, ZoeyCredentials credentials, ZoeyAuthMode mode = ZoeyAuthMode.OAuth1) =>
        Editor.SaveAsync(_host.Store, new ZoeyAccessChange(seen, address, mode, credentials), Cancel);
}
