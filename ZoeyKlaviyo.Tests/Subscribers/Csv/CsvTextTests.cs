using System.Text;
using ZoeyKlaviyo.Core.Csv;
using ZoeyKlaviyo.Core.Subscribers.Csv;

namespace ZoeyKlaviyo.Tests.Subscribers.Csv;

public sealed class CsvTextTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("jo@shop.test", "jo@shop.test")]
    [InlineData("", "")]
    [InlineData(null, "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData(" spaces ", "\" spaces \"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+jo@shop.test", "'+jo@shop.test")]
    [InlineData("-2", "'-2")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("'=1", "''=1")]
    [InlineData("'quoted'", "'quoted'")]
    public async Task Cell_IsQuotedAndIsNoFormula(string? cell, string expected)
    {
        using var writer = new StringWriter();

        await CsvText.WriteRowAsync(writer, ["x", cell, "y"], Cancel);

        Assert.Equal($"x,{expected},y\r\n", writer.ToString());
    }

    [Theory]
    [InlineData("+jo@shop.test")]
    [InlineData("-jo@shop.test")]
    [InlineData("=jo@shop.test")]
    [InlineData("'jo@shop.test")]
    [InlineData("'+jo@shop.test")]
    [InlineData("''=jo@shop.test")]
    [InlineData("o'neil@shop.test")]
    public async Task AddressOfADownload_ComesBackAsItWas(string email)
    {
        using var writer = new StringWriter();
        await CsvText.WriteRowAsync(writer, ["Email", "Status"], Cancel);
        await CsvText.WriteRowAsync(writer, [email, "Subscribed"], Cancel);
        var bytes = Encoding.UTF8.GetBytes(writer.ToString());

        var file = await SubscriberCsv.RecogniseAsync(new MemoryStream(bytes), Cancel);
        var batch = Assert.Single(await SubscriberCsv.ReadAsync(new MemoryStream(bytes), file.Columns()!, TimeZoneInfo.Utc, Cancel).ToListAsync(Cancel));

        Assert.Equal(email, Assert.Single(batch.Rows).Subscriber?.Email);
    }

    [Theory]
    [InlineData("+jo@shop.test")]
    [InlineData("=jo@shop.test")]
    public async Task AddressOfAnothersFile_MayBeginLikeAFormula(string email)
    {
        var bytes = Encoding.UTF8.GetBytes($"Email,Status\n{email},1\n'{email},1\n");
        var file = await SubscriberCsv.RecogniseAsync(new MemoryStream(bytes), Cancel);

        var batch = Assert.Single(await SubscriberCsv.ReadAsync(new MemoryStream(bytes), file.Columns()!, TimeZoneInfo.Utc, Cancel).ToListAsync(Cancel));

        Assert.Equal([email, email], batch.Rows.Select(row => row.Subscriber?.Email));
    }
}
