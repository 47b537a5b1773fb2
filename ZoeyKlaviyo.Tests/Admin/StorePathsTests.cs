using ZoeyKlaviyo.Admin.Stores;

namespace ZoeyKlaviyo.Tests.Admin;

public sealed class StorePathsTests
{
    [Theory]
    [InlineData("http://host:5080/stores/acme/integrations/klaviyo?x=1#audit-log", "acme")]
    [InlineData("/stores/acme/payloads", "acme")]
    [InlineData("/stores/acme", "acme")]
    [InlineData("http://host/stores", null)]
    [InlineData("http://host/stores/?q=1", null)]
    [InlineData("http://host/other/acme", null)]
    public void KeyOf_Address_IsTheStoreItLiesUnder(string address, string? expected) => Assert.Equal(expected, StorePaths.KeyOf(address));
}
