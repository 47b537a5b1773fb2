using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench.Intake;

/// <summary>The real application, composed as in production, and in the same process the endpoint it is measured against.</summary>
internal static class IntakeServer
{
    public static async Task RunAsync(BenchOptions options)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.AddInMemoryCollection(Shop.Settings(options, "http://127.0.0.1:9", limits: true)).AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["urls"] = "http://127.0.0.1:0",
                ["Collect:PerMinutePerAddress"] = "0",
                ["Authentication:Oidc:Authority"] = "https://signin.example",
                ["Authentication:Oidc:ClientId"] = "client",
                ["Authentication:Oidc:ClientSecret"] = "secret",
            });
        builder.AddAdmin();
        await using var app = builder.Build();
        app.UseAdmin();
        await app.PrepareAsync();
        await Shop.ConnectAsync(app.Services);
        await app.StartAsync();
        await using var bare = await BareEndpoint.StartAsync();
        Child.Answer(new { collect = $"{app.Urls.Single()}/collect/{Shop.PublicKey}/events", bare = bare.Urls.Single() + BareEndpoint.Path });

        while (await Console.In.ReadLineAsync() is not null)
            Child.Answer(new { stored = await app.Services.GetRequiredService<Database>().ReadAsync(db => db.Payloads.CountAsync(), CancellationToken.None) });
    }
}
