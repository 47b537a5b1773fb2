using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class SandboxHostingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Development_NothingConfigured_RunsBesideTheAdmin()
    {
        var url = FreeUrl();
        await using var app = Build("Development", $"--Sandbox:Url={url}", "--Klaviyo:ClientId=mine");
        await app.StartAsync(Cancel);
        using var http = new HttpClient();
        Assert.Contains("demo shop", await http.GetStringAsync(url, Cancel), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"subscribers\":true,", await http.GetStringAsync(url + "/sandbox/store", Cancel), StringComparison.Ordinal);
        Assert.Equal((url, url, "demo", "mine", "sandbox-secret"), (app.Configuration["Klaviyo:ApiBaseUrl"], app.Configuration["Stores:0:StorefrontUrl"],
            app.Configuration["Stores:0:Key"], app.Configuration["Klaviyo:ClientId"], app.Configuration["Klaviyo:ClientSecret"]));
        await app.StopAsync(Cancel);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(url, Cancel));
    }

    [Theory]
    [InlineData("Production", "")]
    [InlineData("Development", "--Sandbox:Enabled=False")]
    [InlineData("Development", "--Klaviyo:ApiBaseUrl=https://klaviyo.test")]
    [InlineData("Development", "--Stores:0:BaseUrl=https://store.test")]
    public async Task Anything_Else_LeavesItOut(string environment, string argument)
    {
        var url = FreeUrl();
        await using var app = Build(environment, $"--Sandbox:Url={url}", argument);
        await app.StartAsync(Cancel);
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(url, Cancel));
        Assert.Null(app.Configuration["Klaviyo:ClientId"]);
    }

    [Fact]
    public async Task PortTaken_IsAWarningAndTheAdminGoesOn()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var app = Build("Development", $"--Sandbox:Url=http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
        await app.StartAsync(Cancel);
        var warning = Assert.Single(app.Services.GetFakeLogCollector().GetSnapshot(), record => record.Level >= LogLevel.Warning);
        Assert.Contains("goes on without it", warning.Message, StringComparison.Ordinal);
    }

    private static WebApplication Build(string environment, params string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = environment,
            Args = [.. arguments.Where(argument => argument.Length > 0), "--urls=http://127.0.0.1:0", "--hostingStartupAssemblies=ZoeyKlaviyo.Sandbox"],
        });
        builder.Logging.ClearProviders().AddFakeLogging();
        return builder.Build();
    }

    private static string FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
