using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Admin;

/// <summary>Starts that must be refused: one clear message, no stack trace, exit code 1.</summary>
public sealed class StartTests(AppFactory running) : IClassFixture<AppFactory>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zoeyklaviyo-start-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Start_DevelopmentSignInInProduction_IsRefusedNamingTheKey()
    {
        var message = await RefusedAsync(("ASPNETCORE_ENVIRONMENT", "Production"), ("Authentication:Mode", "Development"));

        Assert.StartsWith("Authentication:Mode is Development", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OidcWithoutItsKeys_IsRefusedNamingThemAll()
    {
        var message = await RefusedAsync(("ASPNETCORE_ENVIRONMENT", "Production"), ("Authentication:Oidc:ClientId", "set"));

        Assert.Contains("needs Authentication:Oidc:Authority, Authentication:Oidc:ClientSecret.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OidcOverHttp_IsRefusedUnlessAllowed()
    {
        var message = await RefusedAsync(
            ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("Authentication:Oidc:Authority", "http://login.test"),
            ("Authentication:Oidc:ClientId", "id"),
            ("Authentication:Oidc:ClientSecret", "secret"));

        Assert.Contains("Authentication:Oidc:RequireHttps", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownSignInMode_IsRefusedWithTheAllowedValues()
    {
        var message = await RefusedAsync(("Authentication:Mode", "Password"));

        Assert.Contains("allowed values are Oidc and Development", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongStore_IsRefusedNamingItsKey()
    {
        var message = await RefusedAsync(("Stores:0:Key", "Not A Key"), ("Stores:0:BaseUrl", "http://acme.test"), ("Stores:0:PublicKey", "p"));

        Assert.Contains("Stores:0:Key must be", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongSettings_IsRefusedNamingThemAll()
    {
        var message = await RefusedAsync(("Klaviyo:ApiBaseUrl", "klaviyo"), ("Sync:RetryEvery", "abc"));

        Assert.Equal(["Klaviyo:ApiBaseUrl", "Sync:RetryEvery"], message.Split('\n').Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task Start_UnknownDatabaseProvider_IsRefusedWithTheAllowedValues()
    {
        var message = await RefusedAsync(("Database:Provider", "Oracle"));

        Assert.Contains("allowed values are Sqlite and Postgres", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DatabaseFileOfAnotherProcess_IsRefused()
    {
        var message = await RefusedAsync(("ConnectionStrings:ZoeyKlaviyo", running.ConnectionString));

        Assert.Contains("is in use by another ZoeyKlaviyo process", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DatabaseServerThatDoesNotAnswer_IsRefusedNamingTheKeys()
    {
        var message = await RefusedAsync(
            ("Database:Provider", "Postgres"), ("ConnectionStrings:ZoeyKlaviyo", "Host=127.0.0.1;Port=1;Database=none;Username=none"));

        Assert.Contains("Check ConnectionStrings:ZoeyKlaviyo", message, StringComparison.Ordinal);
    }

    private async Task<string> RefusedAsync(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings:ZoeyKlaviyo"] = $"Data Source={Path.Combine(_directory, "app.db")}",
        };
        foreach (var (key, value) in settings)
            all[key] = value;

        var (exitCode, output, errors) = await AdminProcess.RunToEndAsync(all, TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        return errors.Trim();
    }
}
