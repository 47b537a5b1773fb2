using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Admin.Shell;
using ZoeyKlaviyo.Admin.SignIn;
using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>
/// The real application on a free port with a SQLite file of its own and two stores, <c>acme</c> and <c>beta</c>.
/// A test that needs other settings derives from it or adds to <see cref="Settings"/> before the first use.
/// </summary>
public class AppFactory : WebApplicationFactory<App>, IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zoeyklaviyo-tests-").FullName;

    public AppFactory()
    {
        UseKestrel(0);
        ConnectionString = $"Data Source={Path.Combine(_directory, "app.db")}";
        Settings = new()
        {
            ["Sandbox:Enabled"] = "false",
            ["Logging:LogLevel:Default"] = "Warning",
            ["ConnectionStrings:ZoeyKlaviyo"] = ConnectionString,
            ["Stores:0:Key"] = "acme",
            ["Stores:0:Name"] = "Acme Tools",
            ["Stores:0:BaseUrl"] = "http://acme.test",
            ["Stores:0:PublicKey"] = "public-acme",
            ["Stores:0:FeedSecret"] = "a feed secret",
            ["Stores:1:Key"] = "beta",
            ["Stores:1:Name"] = "Beta Parts",
            ["Stores:1:BaseUrl"] = "http://beta.test",
            ["Stores:1:PublicKey"] = "public-beta",
        };
    }

    public string ConnectionString { get; }

    public Dictionary<string, string?> Settings { get; }

    protected virtual string EnvironmentName => "Development";

    public Uri Address
    {
        get
        {
            StartServer();
            return ClientOptions.BaseAddress;
        }
    }

    /// <summary>Sends no cookie unless given one, and follows no redirect.</summary>
    public HttpClient CreateDirectClient(Person? person = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        if (person is not null)
            client.DefaultRequestHeaders.Add("Cookie", CookieOf(person));
        return client;
    }

    /// <summary>The cookie of someone who has signed in, whoever they are.</summary>
    public string CookieOf(Person person, TimeSpan? lifetime = null)
    {
        var time = Services.GetRequiredService<TimeProvider>();
        var options = Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(SignInRegistration.Scheme);
        ClaimsPrincipal principal = PersonFactory.ToPrincipal(person, "Test");
        var properties = new AuthenticationProperties { IssuedUtc = time.GetUtcNow(), ExpiresUtc = time.GetUtcNow() + (lifetime ?? TimeSpan.FromHours(1)) };
        return $"{options.Cookie.Name}={options.TicketDataFormat.Protect(new AuthenticationTicket(principal, properties, SignInRegistration.Scheme))}";
    }

    public virtual ValueTask InitializeAsync()
    {
        StartServer();
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(EnvironmentName);
        builder.UseContentRoot(Repository.Root);
        foreach (var (key, value) in Settings)
            builder.UseSetting(key, value);
    }
}
