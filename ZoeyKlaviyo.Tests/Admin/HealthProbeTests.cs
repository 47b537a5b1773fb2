using ZoeyKlaviyo.Admin.Hosting;

namespace ZoeyKlaviyo.Tests.Admin;

public sealed class HealthProbeTests
{
    [Theory]
    [InlineData(null, null, 5080)]
    [InlineData("", "", 5080)]
    [InlineData(null, "8080;8081", 8080)]
    [InlineData("http://+:9000", "8080", 9000)]
    [InlineData("https://*:9443; http://0.0.0.0:9000", null, 9000)]
    [InlineData("http://localhost", null, 80)]
    public void Port_IsTheOneTheProcessListensOn(string? urls, string? ports, int expected) => Assert.Equal(expected, HealthProbe.Port(urls, ports));
}
