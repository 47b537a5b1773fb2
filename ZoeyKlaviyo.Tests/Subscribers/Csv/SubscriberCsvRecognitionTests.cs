using System.Text;
using ZoeyKlaviyo.Core.Csv;
using ZoeyKlaviyo.Core.Subscribers.Csv;

namespace ZoeyKlaviyo.Tests.Subscribers.Csv;

public sealed class SubscriberCsvRecognitionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"ID\",\"Email\",\"Type\",\"Customer First Name\",\"Status\",\"Store\"\n\"7\",\"jo@shop.test\",\"Guest\",\"Jo\",\"Subscribed\",\"Main, US\"\n", ',', 1, 4, null, 0)]
    [InlineData("subscriber_id,store_id,change_status_at,customer_id,subscriber_email,subscriber_status\n7,1,,0,jo@shop.test,1\n", ',', 4, 5, 2, 0)]
    [InlineData("Email Address,First Name,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED\njo@shop.test,Jo,2024-01-02 03:04:05,,\n", ',', 0, null, 3, null)]
    [InlineData("Email,Klaviyo ID,Email Marketing Consent,Date Added\njo@shop.test,01H,SUBSCRIBED,2024-01-02\n", ',', 0, 2, 3, null)]
    [InlineData("Name;E-mail;Status\n\"Doe, Jo\";jo@shop.test;Yes\n\"Roe, Al\";al@shop.test;No\n", ';', 1, 2, null, null)]
    [InlineData("E-Mail\tSubscribed at\njo@shop.test\t2024-01-02\n", '\t', 0, null, 1, null)]
    [InlineData("Email,Contact\nYes,jo@shop.test\nNo,al@shop.test\n", ',', 1, null, null, null)]
    [InlineData("Who\njo@shop.test\n", ',', 0, null, null, null)]
    public async Task Exports_AreRecognisedByTheirColumns(string text, char delimiter, int email, int? status, int? changedAt, int? id)
    {
        var file = await RecogniseAsync(text);

        Assert.Equal((delimiter, true, (int?)email, status, changedAt, id), (file.Delimiter, file.HasHeader, file.Email, file.Status, file.ChangedAt, file.Id));
        Assert.Null(file.Problem);
        Assert.Contains(file.Sample, row => row[email] == "jo@shop.test");
    }

    [Fact]
    public async Task FileWithoutHeader_IsRecognisedByItsCells()
    {
        var file = await RecogniseAsync("1;jo@shop.test;Subscribed;2024-01-02\n1;al@shop.test;;\n");

        Assert.Equal((';', false, 1, 2, 3), (file.Delimiter, file.HasHeader, file.Email, file.Status, file.ChangedAt));
        Assert.Null(file.Id);
        Assert.Equal(["Column 1", "Column 2", "Column 3", "Column 4"], file.Headers);
        Assert.Equal("jo@shop.test", file.Sample[0][1]);
    }

    [Fact]
    public async Task NumbersWithoutAName_AreNoStatus() => Assert.Null((await RecogniseAsync("jo@shop.test,1\nal@shop.test,1\n")).Status);

    [Fact]
    public async Task OnlyAddresses_NeedAPersonsWord()
    {
        var file = await RecogniseAsync("jo@shop.test\nal@shop.test\n");

        Assert.False(file.Columns()!.IsComplete);
        Assert.True(file.Columns(allSubscribed: true)!.IsComplete);
    }

    [Fact]
    public async Task WithStatus_ThePersonsWordIsNotAskedFor() =>
        Assert.False((await RecogniseAsync("Email,Status\njo@shop.test,1\n")).Columns(allSubscribed: true)!.AllSubscribed);

    [Theory]
    [InlineData("", "The file is empty.", 0)]
    [InlineData("\n\n  \n", "The file is empty.", 0)]
    [InlineData("PK\u0003\u0004\u0014\u0000", "This is a spreadsheet's own file", 0)]
    [InlineData("Name,Status\nJo,1\n", "No column looks like e-mail addresses. Choose", 2)]
    [InlineData("Email,Status\n", "The file has columns' names, but no rows", 2)]
    public async Task Problem_IsSaidInPlainWords(string text, string problem, int headers)
    {
        var file = await RecogniseAsync(text);

        Assert.StartsWith(problem, file.Problem, StringComparison.Ordinal);
        Assert.Equal(headers, file.Headers.Count);
    }

    [Theory]
    [InlineData("utf-8", true, CsvEncoding.Utf8)]
    [InlineData("utf-8", false, CsvEncoding.Utf8)]
    [InlineData("utf-16", true, CsvEncoding.Utf16LittleEndian)]
    [InlineData("utf-16BE", true, CsvEncoding.Utf16BigEndian)]
    [InlineData("latin1", false, CsvEncoding.Windows1252)]
    public async Task Encoding_IsRecognised(string name, bool hasMark, CsvEncoding expected)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. hasMark ? encoding.Preamble : [], .. encoding.GetBytes("Email,Größe\njo@shop.test,5\n")];

        var file = await SubscriberCsv.RecogniseAsync(new MemoryStream(bytes), Cancel);

        Assert.Equal(expected, file.Encoding);
        Assert.Equal(["Email", "Größe"], file.Headers);
    }

    [Fact]
    public async Task HeadThatEndsWithinACharacterOrARow_IsRecognised()
    {
        // Two bytes a character, at an odd place.
        var text = $"Email,Größe\njo@shop.test,x\n\"{new string('ö', SubscriberCsv.HeadBytes)}";
        foreach (var start in new[] { text, $" {text}" })
        {
            var file = await RecogniseAsync(start);

            Assert.Equal((CsvEncoding.Utf8, ',', 0), (file.Encoding, file.Delimiter, file.Email));
            Assert.Single(file.Sample);
        }
    }

    [Fact]
    public async Task Anything_IsNoException()
    {
        var random = new Random(17);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(0, i < 20 ? 200_000 : 3000)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
                bytes = Encoding.ASCII.GetBytes(string.Concat(bytes.Select(value => "a@.,;\"\r\n\t\0' x"[value % 13])));
            var file = await SubscriberCsv.RecogniseAsync(new MemoryStream(bytes), Cancel);
            var columns = new SubscriberColumns(file.Email ?? 0, null, true, 1, 2, file.Delimiter, file.Encoding, file.HasHeader);

            await SubscriberCsv.ReadAsync(new MemoryStream(bytes), columns, TimeZoneInfo.Utc, Cancel).ToListAsync(Cancel);
        }
    }

    private static Task<SubscriberCsvRecognition> RecogniseAsync(string text) => SubscriberCsv.RecogniseAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), Cancel);
}
