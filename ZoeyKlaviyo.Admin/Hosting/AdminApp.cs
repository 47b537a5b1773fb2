using MudBlazor.Services;
using ZoeyKlaviyo.Admin.Connection;
using ZoeyKlaviyo.Admin.Events;
using ZoeyKlaviyo.Admin.Feed;
using ZoeyKlaviyo.Admin.Scheduling;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Admin.SignIn;
using ZoeyKlaviyo.Core;

namespace ZoeyKlaviyo.Admin.Hosting;

/// <summary>The composition: what the process is made of, and the order of its middleware.</summary>
internal static class AdminApp
{
    public const string DefaultUrl = "http://localhost:5080";

    private static readonly string[] s_listeningKeys = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    /// <exception cref="StartRefusedException">The configuration is wrong.</exception>
    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        if (!s_listeningKeys.Any(key => builder.Configuration.GetSection(key).Exists()))
            builder.WebHost.UseUrls(DefaultUrl);

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddProblemDetails();
        AddCore(builder);
        builder.Services.AddSecretProtection();
        builder.Services.AddClock();
        builder.Services.AddSingleton<CollectLimiter>();
        builder.Services.AddSingleton<PushReader>();
        builder.AddTelemetry();
        builder.AddSignIn();
        builder.Services.AddSecurityHeaders();
        builder.Services.AddSingleton<SameOrigin>();
        builder.Services.AddSingleton<PublicAddress>();
        AddHealth(builder.Services);
        AddPages(builder);
    }

    public static void UseAdmin(this WebApplication app)
    {
        app.UseSecurityHeaders();
        if (!app.Environment.IsDevelopment())
            app.UseExceptionHandler("/status/500", createScopeForErrors: true);
        app.UseHttpsWhereConfigured();
        app.UseStatusPages();
        app.UseRouting();
        app.UseMiddleware<SameOriginMiddleware>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<StoreRouteMiddleware>();
        app.UseAntiforgery();
        app.MapAdminEndpoints();
        app.UseClock();
    }

    private static void AddCore(WebApplicationBuilder builder)
    {
        try
        {
            builder.Services.AddCore(builder.Configuration);
        }
        catch (InvalidOperationException exception)
        {
            throw new StartRefusedException(exception.Message, exception);
        }
    }

    private static void AddHealth(IServiceCollection services) =>
        services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", tags: [HealthEndpoints.Ready])
            .AddCheck<StoresHealth>("stores", tags: [HealthEndpoints.Ready])
            .AddCheck<SchedulerHealth>("scheduler", tags: [HealthEndpoints.Ready]);

    private static void AddPages(WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents()
            .AddInteractiveServerComponents(options => options.DetailedErrors = builder.Environment.IsDevelopment());
        builder.Services.AddMudServices();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddScoped<MinuteClock>();
    }
}
