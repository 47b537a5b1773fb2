using ZoeyKlaviyo.Core.Addresses;

namespace ZoeyKlaviyo.Tests.Addresses;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("jo@shop.example", "jo@shop.example")]
    [InlineData("  Jo.Smith+news@Shop.EXAMPLE ", "jo.smith+news@shop.example")]
    [InlineData("jo@bücher.example", "jo@xn--bcher-kva.example")]
    [InlineData("o'neil@shop.example", "o'neil@shop.example")]
    public void Normalize_Address_OneForm(string text, string expected) => Assert.Equal(expected, EmailAddress.Normalize(text));

    [Theory]
    [InlineData("")]
    [InlineData("jo")]
    [InlineData("@shop.example")]
    [InlineData("jo@")]
    [InlineData("jo@shop")]
    [InlineData("jo@shop..example")]
    [InlineData("jo@-shop.example")]
    [InlineData("jo @shop.example")]
    [InlineData("jo@shop.example\0")]
    [InlineData("jo\n@shop.example")]
    [InlineData(".jo@shop.example")]
    [InlineData("jo@192.168.0.1")]
    [InlineData("<jo@shop.example>")]
    public void Normalize_NoAddress_Null(string text) => Assert.Null(EmailAddress.Normalize(text));

    [Fact]
    public void Normalize_99Characters_IsTheLongest()
    {
        var longest = new string('a', 60) + "@" + new string('b', 26) + ".shop.example"[..^1];
        Assert.Equal(99, longest.Length);
        Assert.Equal(longest, EmailAddress.Normalize(longest));
        Assert.Null(EmailAddress.Normalize("a" + longest));
    }
}
