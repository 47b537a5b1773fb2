using System.Globalization;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Admin.Hosting;

/// <summary>Settings that would otherwise be noticed only when they are used, if at all.</summary>
internal static class ConfigurationChecks
{
    private const string LimitsKey = "Klaviyo:Limits:Enabled";
    private const string CollectKey = "Collect:PerMinutePerAddress";

    /// <exception cref="StartRefusedException">The message has a line for every key at fault.</exception>
    public static void Run(IConfiguration configuration, IHostEnvironment environment)
    {
        var problems = Problems(configuration, environment.IsProduction()).ToList();
        if (problems.Count > 0)
            throw new StartRefusedException(string.Join('\n', problems));
    }

    internal static IEnumerable<string> Problems(IConfiguration configuration, bool isProduction) =>
    [
        .. Addresses(configuration),
        .. Limits(configuration[LimitsKey], isProduction),
        .. Collect(configuration[CollectKey]),
        .. Sync(configuration.GetSection("Sync")),
        .. Zoey(configuration.GetSection("Zoey")),
    ];

    /// <summary>Without <c>Public:BaseUrl</c>, empty or not there, the request's own address is used.</summary>
    private static IEnumerable<string> Addresses(IConfiguration configuration) =>
        from key in new[] { "Klaviyo:ApiBaseUrl", "Klaviyo:AuthorizeUrl", "Public:BaseUrl" }
        let value = configuration[key]
        where value is not null && !(value.Length == 0 && key == "Public:BaseUrl") && SameOrigin.OriginOf(value) is null
        select $"{key} \"{value}\" must be an absolute http or https address.";

    private static IEnumerable<string> Limits(string? value, bool isProduction)
    {
        if (value is null)
            yield break;
        if (!bool.TryParse(value, out var enabled))
            yield return $"{LimitsKey} \"{value}\" must be true or false.";
        else if (!enabled && isProduction)
            yield return $"{LimitsKey} is false, which is for a stand-in for Klaviyo and not allowed in Production.";
    }

    private static IEnumerable<string> Collect(string? value)
    {
        if (value is not null && !(int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= 0))
            yield return $"{CollectKey} \"{value}\" must be a whole number, 0 for any number of requests.";
    }

    private static IEnumerable<string> Sync(IConfigurationSection section)
    {
        var problems = new List<string>();
        if (section["RetryEvery"] is { } every && !TimeSpan.TryParse(every, CultureInfo.InvariantCulture, out _))
            problems.Add($"Sync:RetryEvery \"{every}\" must be a time such as 10:00:00.");
        if (section["MaxParallelRuns"] is { } runs && !int.TryParse(runs, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
            problems.Add($"Sync:MaxParallelRuns \"{runs}\" must be a whole number.");
        if (problems.Count > 0)
            return problems;
        try
        {
            _ = new SyncSchedules(Options.Create(section.Get<SyncOptions>() ?? new SyncOptions()));
            return [];
        }
        catch (InvalidOperationException exception)
        {
            return [exception.Message];
        }
    }

    private static IEnumerable<string> Zoey(IConfigurationSection section)
    {
        if (section["MaxRequestsPerSecond"] is { } rate
            && !(double.TryParse(rate, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0.01 and <= 1000))
        {
            yield return $"Zoey:MaxRequestsPerSecond \"{rate}\" must be a number from 0.01 to 1000.";
        }

        if (section["TimeZone"] is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            yield return $"Zoey:TimeZone \"{zone}\" must be the name of a time zone such as America/New_York.";
        if (section["ParentAttribute"] is { } attribute && string.IsNullOrWhiteSpace(attribute))
            yield return "Zoey:ParentAttribute must not be empty.";
        foreach (var name in typeof(ZoeyEndpoints).GetProperties().Select(property => property.Name))
        {
            if (section[$"Endpoints:{name}"] is { } path && (path.Trim('/').Length == 0 || path.IndexOfAny(['?', '#', ':', ' ']) >= 0))
                yield return $"Zoey:Endpoints:{name} \"{path}\" must be a path under /api/rest, such as products.";
        }
    }
}
