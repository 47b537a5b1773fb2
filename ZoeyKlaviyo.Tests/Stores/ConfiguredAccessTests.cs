using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;
using ZoeyKlaviyo.Core.Stores.Api;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;
using ZoeyKlaviyo.Tests.Zoey;

namespace ZoeyKlaviyo.Tests.Stores;

public sealed class SqliteConfiguredAccessTests() : ConfiguredAccessTests(DatabaseProvider.Sqlite);

public sealed class PostgresConfiguredAccessTests() : ConfiguredAccessTests(DatabaseProvider.Postgres);

public abstract class ConfiguredAccessTests(DatabaseProvider provider)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnchangedRefreshToken_DoesNotThrowAwayTheOneThatReplacedIt()
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await RestartAsync(database, ZoeyStub.OAuth2);
        await SetRotatedAsync(database);

        var unchanged = await RestartAsync(database, ZoeyStub.OAuth2);
        Assert.Equal("rotated", unchanged!.RefreshTokenProtected);

        var settings = ZoeyStub.OAuth2;
        settings["Stores:0:ClientSecret"] = "client-secret-2";
        Assert.Equal("rotated", (await RestartAsync(database, settings))!.RefreshTokenProtected);

        settings["Stores:0:RefreshToken"] = "refresh-new";
        Assert.Null((await RestartAsync(database, settings))!.RefreshTokenProtected);
    }

    [Fact]
    public async Task CredentialsThatLeftTheConfiguration_AreDropped()
    {
        await using var database = await TestDatabase.CreateAsync(provider);

        Assert.True((await RestartAsync(database, ZoeyStub.OAuth1))!.FromConfiguration);
        Assert.Null(await RestartAsync(database, []));
    }

    [Fact]
    public async Task CredentialsOfAPerson_StayUntilTheConfigurationHasOthers()
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var host = await CoreHost.StartAsync(database))
        {
            var credentials = new ZoeyCredentials { ConsumerKey = "a", ConsumerSecret = "b", AccessToken = "c", TokenSecret = "d" };
            Assert.Empty((await host.Get<ZoeyAccessEditor>().SaveAsync(host.Store, new(0, "", ZoeyAuthMode.OAuth1, credentials), Cancel)).Errors);
        }

        Assert.Equal("Ana", (await RestartAsync(database, []))!.ChangedBy);
        Assert.Equal("the configuration", (await RestartAsync(database, ZoeyStub.OAuth1))!.ChangedBy);
    }

    private static async Task<ZoeyAccess?> RestartAsync(TestDatabase database, Dictionary<string, string?> settings)
    {
        await using var host = await CoreHost.StartAsync(database, settings);
        return await host.ReadAsync(db => db.ZoeyAccess.SingleOrDefaultAsync(Cancel));
    }

    private static async Task SetRotatedAsync(TestDatabase database)
    {
        await using var host = await CoreHost.StartAsync(database, ZoeyStub.OAuth2);
        await host.Database.WriteAsync(db => db.ZoeyAccess.ExecuteUpdateAsync(update => update.SetProperty(row => row.RefreshTokenProtected, "rotated"), Cancel), Cancel);
    }
}

public sealed class StoreCredentialOptionsTests
{
    [Fact]
    public void SomeOfTheFour_NamesEachThatIsMissing() =>
        Assert.Equal(["ConsumerSecret", "TokenSecret"], Errors(new() { ConsumerKey = "a", AccessToken = "c" }));

    [Fact]
    public void KeysOfTheOtherMode_AreNamed() => Assert.Equal(["ClientId", "RefreshToken"], Errors(new() { ClientId = "a", RefreshToken = "b" }));

    [Theory]
    [InlineData("OAuth3")]
    [InlineData("")]
    public void UnknownMode_IsNamed(string mode) => Assert.Equal(["AuthMode"], Errors(new() { AuthMode = mode }));

    [Fact]
    public void TokenAddressInTheClear_IsRefused() => Assert.Equal(
        ["TokenUrl"], Errors(new() { AuthMode = "oauth2", TokenUrl = "http://acme.test/token", ClientId = "a", ClientSecret = "b", RefreshToken = "c" }));

    [Fact]
    public void NoneOrAll_IsFine()
    {
        Assert.Empty(Errors(new()));
        Assert.Empty(Errors(new() { ConsumerKey = "a", ConsumerSecret = "b", AccessToken = "c", TokenSecret = "d" }));
    }

    private static IEnumerable<string> Errors(StoreOptions store)
    {
        (store.Key, store.BaseUrl, store.PublicKey) = ("acme", "https://acme.test", "public-acme");
        return new StoreOptionsValidator().Validate(store).Errors.Select(error => error.PropertyName);
    }
}
