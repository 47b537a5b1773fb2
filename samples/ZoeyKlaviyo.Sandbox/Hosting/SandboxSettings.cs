using Microsoft.Extensions.Configuration;
using ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

namespace ZoeyKlaviyo.Sandbox.Hosting;

internal static class SandboxSettings
{
    /// <summary><c>--urls</c> is the usual switch; <c>Sandbox:Url</c> also works where that one means the application around it.</summary>
    public static SandboxOptions ReadStandalone(IConfiguration settings) => Read(settings, settings["urls"]?.Split(';')[0]);

    private static readonly DateTimeOffset s_firstOrder = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="subscribers">Whether the store has a resource for its newsletter, where <c>Sandbox:Subscribers</c> does not say.</param>
    /// <exception cref="InvalidOperationException">A value makes no sense; the message names its key.</exception>
    public static SandboxOptions Read(IConfiguration settings, string? url = null, bool subscribers = false) => new()
    {
        Quirks = new(Subscribers: settings.GetValue("Sandbox:Subscribers", subscribers)),
        // An admin keeps its database over a restart of this process: a new order must not have the number of one it knows.
        FirstOrder = (long)(TimeProvider.System.GetUtcNow() - s_firstOrder).TotalSeconds,
        Url = (url ?? settings["Sandbox:Url"] ?? SandboxOptions.DefaultUrl).TrimEnd('/'),
        AdminUrl = (settings["Sandbox:AdminUrl"] ?? SandboxOptions.DefaultAdminUrl).TrimEnd('/'),
        LimitsEnabled = settings.GetValue("Sandbox:Limits:Enabled", true),
        ErrorsPerAnswer = settings.GetValue<int?>("Sandbox:ErrorsPerAnswer") switch
        {
            < 1 => throw new InvalidOperationException("Sandbox:ErrorsPerAnswer must be at least 1."),
            var number => number,
        },
        CatalogJobs = settings.GetValue<double?>("Sandbox:CatalogJobs") switch
        {
            < 0 or > 86_400 => throw new InvalidOperationException("Sandbox:CatalogJobs, in seconds, must be from 0 to 86400."),
            var seconds => TimeSpan.FromSeconds(seconds ?? 2),
        },
        DataDirectory = settings["Sandbox:DataDirectory"] is { Length: > 0 } directory ? directory : null,
    };

    /// <summary>What the admin needs to use the sandbox as Klaviyo and its shop as the one store.</summary>
    public static Dictionary<string, string?> ForAdmin(SandboxOptions options) => new()
    {
        ["Klaviyo:AuthorizeUrl"] = options.Url + AuthorizeEndpoint.Path,
        ["Klaviyo:ApiBaseUrl"] = options.Url,
        ["Klaviyo:ClientId"] = options.ClientId,
        ["Klaviyo:ClientSecret"] = options.ClientSecret,
        ["Stores:0:Key"] = "demo",
        ["Stores:0:Name"] = "Demo store",
        ["Stores:0:BaseUrl"] = options.Url,
        ["Stores:0:StorefrontUrl"] = options.Url,
        ["Stores:0:PublicKey"] = SandboxOptions.StorePublicKey,
        ["Stores:0:FeedSecret"] = SandboxOptions.FeedSecret,
        ["Stores:0:ConsumerKey"] = SandboxOptions.ConsumerKey,
        ["Stores:0:ConsumerSecret"] = SandboxOptions.ConsumerSecret,
        ["Stores:0:AccessToken"] = SandboxOptions.AccessToken,
        ["Stores:0:TokenSecret"] = SandboxOptions.TokenSecret,
    };
}
