using Microsoft.Extensions.Configuration;
using ZoeyKlaviyo.Admin.Hosting;

namespace ZoeyKlaviyo.Tests.Admin;

public sealed class ConfigurationChecksTests
{
    [Theory]
    [InlineData("Klaviyo:ApiBaseUrl", "a.klaviyo.com")]
    [InlineData("Klaviyo:ApiBaseUrl", "")]
    [InlineData("Klaviyo:AuthorizeUrl", "ftp://klaviyo.test")]
    [InlineData("Public:BaseUrl", "/shop")]
    [InlineData("Collect:PerMinutePerAddress", "-1")]
    [InlineData("Collect:PerMinutePerAddress", "many")]
    [InlineData("Collect:PerMinutePerAddress", "1.5")]
    [InlineData("Klaviyo:Limits:Enabled", "yes")]
    [InlineData("Klaviyo:Limits:Enabled", "false")]
    [InlineData("Sync:RetryEvery", "abc")]
    [InlineData("Sync:RetryEvery", "00:00:00")]
    [InlineData("Sync:MaxParallelRuns", "a few")]
    [InlineData("Sync:MaxParallelRuns", "0")]
    [InlineData("Sync:Schedules:Events", "often")]
    [InlineData("Sync:Schedules:Nonsense", "0 0 * * *")]
    [InlineData("Zoey:MaxRequestsPerSecond", "0")]
    [InlineData("Zoey:MaxRequestsPerSecond", "NaN")]
    [InlineData("Zoey:TimeZone", "Mars/Olympus")]
    [InlineData("Zoey:Endpoints:Orders", "https://shop.test/orders")]
    [InlineData("Zoey:Endpoints:Stock", "")]
    public void WrongValue_IsNamedByItsKey(string key, string value) =>
        Assert.StartsWith(key, Assert.Single(Problems(isProduction: true, (key, value))), StringComparison.Ordinal);

    [Fact]
    public void SeveralWrongValues_AreAllNamed() => Assert.Equal(
        ["Klaviyo:ApiBaseUrl", "Klaviyo:Limits:Enabled", "Collect:PerMinutePerAddress", "Sync:RetryEvery", "Sync:MaxParallelRuns"],
        Problems(
            isProduction: false,
            ("Klaviyo:ApiBaseUrl", "x"),
            ("Klaviyo:Limits:Enabled", "x"),
            ("Collect:PerMinutePerAddress", "x"),
            ("Sync:RetryEvery", "x"),
            ("Sync:MaxParallelRuns", "x")).Select(problem => problem.Split(' ')[0]));

    [Fact]
    public void UsableValues_AreNoProblem()
    {
        Assert.Empty(Problems(isProduction: true));
        Assert.Empty(Problems(
            isProduction: false,
            ("Klaviyo:ApiBaseUrl", "http://localhost:5090"),
            ("Klaviyo:AuthorizeUrl", "https://klaviyo.test/oauth/authorize"),
            ("Public:BaseUrl", ""),
            ("Collect:PerMinutePerAddress", "0"),
            ("Klaviyo:Limits:Enabled", "False"),
            ("Sync:RetryEvery", "00:30:00"),
            ("Sync:MaxParallelRuns", "2"),
            ("Sync:Schedules:Events", "*/5 * * * *"),
            ("Zoey:MaxRequestsPerSecond", "0.5"),
            ("Zoey:TimeZone", "America/New_York"),
            ("Zoey:Endpoints:Orders", "orders/list")));
    }

    private static IEnumerable<string> Problems(bool isProduction, params (string Key, string Value)[] settings) => ConfigurationChecks.Problems(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(entry => entry.Key, entry => (string?)entry.Value)).Build(), isProduction);
}
