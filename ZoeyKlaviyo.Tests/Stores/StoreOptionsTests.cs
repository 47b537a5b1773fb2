using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Tests.Stores;

public sealed class StoreOptionsTests
{
    [Theory]
    [InlineData("acme\n", "public-acme", "Key")]
    [InlineData("acme", "public-acme\n", "PublicKey")]
    public void LineBreakAtTheEnd_IsRefused(string key, string publicKey, string property)
    {
        var result = new StoreOptionsValidator().Validate(new StoreOptions { Key = key, BaseUrl = "http://acme.test", PublicKey = publicKey });

        Assert.Equal(property, Assert.Single(result.Errors).PropertyName);
    }
}
