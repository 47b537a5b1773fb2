using System.Globalization;
using System.Text;
using ZoeyKlaviyo.Core.Csv;
using ZoeyKlaviyo.Core.Subscribers.Csv;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Tests.Subscribers.Csv;

public sealed class SubscriberCsvReadTests
{
    private static readonly SubscriberColumns s_columns = new(0, 1, false, 2, 3, ',', CsvEncoding.Utf8, true);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_AreSubscribersWithTheirLines()
    {
        var rows = await ReadAsync("Email,Status,Changed,ID\r\n Jo@Shop.Test ,Subscribed,2024-01-02 03:04:05,7\r\n\r\nal@bücher.test,3,,\r\n");

        Assert.Equal(
            [
                new SubscriberCsvRow(2, new ZoeySubscriber(7, "jo@shop.test", ZoeySubscriberStatus.Subscribed, new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero)), null),
                new SubscriberCsvRow(4, new ZoeySubscriber(null, "al@xn--bcher-kva.test", ZoeySubscriberStatus.Unsubscribed, null), null),
            ],
            rows);
    }

    [Theory]
    [InlineData("abc,1", "Line 2: 'abc' is not an e-mail address.")]
    [InlineData(",1", "Line 2: there is no e-mail address.")]
    [InlineData("=cmd|' /C calc'!A0,1", "Line 2: '=cmd|' /C calc'!A0' is not an e-mail address.")]
    [InlineData("jo@shop.test,maybe", "Line 2: unknown status 'maybe'.")]
    [InlineData("jo@shop.test,", "Line 2: there is no status.")]
    [InlineData("jo@shop.test", "Line 2: there is no status.")]
    public async Task RowThatCannotBeRead_SaysWhy(string row, string message)
    {
        var read = Assert.Single(await ReadAsync($"Email,Status,Changed,ID\n{row}\n"));

        Assert.Null(read.Subscriber);
        Assert.Equal(message, read.Message);
    }

    [Theory]
    [InlineData("1", ZoeySubscriberStatus.Subscribed)]
    [InlineData(" subscribed ", ZoeySubscriberStatus.Subscribed)]
    [InlineData("Yes", ZoeySubscriberStatus.Subscribed)]
    [InlineData("2", ZoeySubscriberStatus.NotActive)]
    [InlineData("Not Activated", ZoeySubscriberStatus.NotActive)]
    [InlineData("NEVER_SUBSCRIBED", ZoeySubscriberStatus.NotActive)]
    [InlineData("3", ZoeySubscriberStatus.Unsubscribed)]
    [InlineData("UNSUBSCRIBED", ZoeySubscriberStatus.Unsubscribed)]
    [InlineData("no", ZoeySubscriberStatus.Unsubscribed)]
    [InlineData("4", ZoeySubscriberStatus.Unconfirmed)]
    [InlineData("Pending", ZoeySubscriberStatus.Unconfirmed)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1.0", null)]
    [InlineData("11", null)]
    [InlineData("active", null)]
    [InlineData("cleaned", null)]
    [InlineData("subscribed?", null)]
    public async Task Status_IsReadInManyWordsAndNeverGuessed(string text, ZoeySubscriberStatus? expected) =>
        Assert.Equal(expected, Assert.Single(await ReadAsync($"Email,Status\njo@shop.test,{text}")).Subscriber?.Status);

    [Fact]
    public async Task WithoutStatusColumn_ThePersonsWordCounts()
    {
        var columns = s_columns with { Status = null, HasHeader = false };

        Assert.Equal(ZoeySubscriberStatus.Subscribed, Assert.Single(await ReadAsync("jo@shop.test,3", columns with { AllSubscribed = true })).Subscriber!.Status);
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync("jo@shop.test,3", columns));
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync("jo@shop.test,3", columns with { Status = 1, AllSubscribed = true }));
    }

    [Theory]
    [InlineData("2024-01-02 03:04:05", "2024-01-02T08:04:05Z", false)]
    [InlineData("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z", false)]
    [InlineData("2024-01-02T03:04:05+02:00", "2024-01-02T01:04:05Z", false)]
    [InlineData("2024-01-02", "2024-01-02T05:00:00Z", false)]
    [InlineData("0000-00-00 00:00:00", null, false)]
    [InlineData("", null, false)]
    [InlineData("01/02/2024", null, true)]
    [InlineData("2024-02-31", null, true)]
    [InlineData("yesterday", null, true)]
    [InlineData("45293", null, true)]
    public async Task Date_ThatIsNotCertain_IsLeftOutWithANote(string date, string? expected, bool hasNote)
    {
        var row = Assert.Single(await ReadAsync($"Email,Status,Changed\njo@shop.test,1,{date}", zone: "America/New_York"));

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), row.Subscriber!.ChangedUtc);
        Assert.Equal(hasNote, row.Note is not null);
        Assert.Equal(hasNote, row.Message?.Contains($"the date '{date}' can't be read", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("\"jo@shop.test\",\"1\",\"\",\"7\"\n")]
    [InlineData("jo@shop.test,1,,7,more,and more\n")]
    [InlineData("jo@sh\0op.test,1,,7\n")]
    [InlineData("jo@shop.test,1,,7\r")]
    [InlineData("jo@shop.test,1,,7")]
    [InlineData("jo@shop.test,1,,7,5\" nails\n")]
    [InlineData("jo@shop.test,1,,7,\"5\" nails\n")]
    [InlineData("jo@shop.test,1,,7,\"two\r\nlines, and a \"\"quote\"\"\"\n")]
    public async Task Row_InWhateverShape_IsRead(string text) =>
        Assert.Equal(new ZoeySubscriber(7, "jo@shop.test", ZoeySubscriberStatus.Subscribed, null), Assert.Single(await ReadAsync(text, s_columns with { HasHeader = false })).Subscriber);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task LineNumbers_CountTheFilesLines(string end)
    {
        var rows = await ReadAsync(string.Join(end, "Email,Status,a,b,Note", "", "a@shop.test,1,,,\"x", "y", "z\"", "bad", ",,,", "b@shop.test,1"));

        Assert.Equal([3, 6, 8], rows.Select(row => row.Line));
    }

    [Fact]
    public async Task QuoteThatIsClosedByAnothersQuote_TakesNobodyWithIt()
    {
        var rows = await ReadAsync("Email,Status,a,b,Name\na@shop.test,1,,,\"Jo\nb@shop.test,1,,,\"Al\"\nc@shop.test,1,,,\n");

        Assert.Equal(["Line 2: a quote is not closed, so that lines 2 to 3 can't be told apart.", null], rows.Select(row => row.Message));
        Assert.Equal("c@shop.test", rows[1].Subscriber?.Email);
    }

    [Fact]
    public async Task QuoteThatNobodyCloses_CostsTheLinesThatAreNamed()
    {
        var text = new StringBuilder("Email,Status\na@shop.test,1\nb@shop.test,1,,,\"Jo\n");
        for (var i = 0; i < 20_000; i++)
            text.Append(CultureInfo.InvariantCulture, $"c{i}@shop.test,1\n");

        var rows = await ReadAsync(text.ToString());

        var wrong = Assert.Single(rows, row => row.Error is not null);
        Assert.Equal((2, 3), (rows[0].Line, wrong.Line));
        Assert.Matches("^Line 3: a quote that begins in line 3 is not closed; lines 3 to \\d+ are left out.$", wrong.Message!);
        var last = int.Parse(wrong.Error!.Split(' ')[^4], CultureInfo.InvariantCulture);
        Assert.Equal((last + 1, $"c{last - 3}@shop.test"), (rows[2].Line, rows[2].Subscriber!.Email));
        Assert.Equal((20_003, "c19999@shop.test"), (rows[^1].Line, rows[^1].Subscriber!.Email));
        Assert.InRange(last, 1000, 8000);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task LineThatIsTooLong_CostsNoOther(string end)
    {
        var rows = await ReadAsync(string.Join(end, "Email,Status", $"a@shop.test,1,{new string('x', 300_000)}", "b@shop.test,1"));

        Assert.Equal(["Line 2: the line is longer than 65536 characters.", null], rows.Select(row => row.Message));
        Assert.Equal((3, "b@shop.test"), (rows[1].Line, rows[1].Subscriber?.Email));
    }

    [Fact]
    public async Task CellThatIsQuotedInAMessage_IsShort()
    {
        var row = Assert.Single(await ReadAsync($"Email,Status\n{new string('x', 5000)},1"));

        Assert.InRange(row.Message!.Length, 60, 120);
    }

    [Theory]
    [InlineData(CsvEncoding.Utf8, "utf-8")]
    [InlineData(CsvEncoding.Utf16LittleEndian, "utf-16")]
    [InlineData(CsvEncoding.Utf16BigEndian, "utf-16BE")]
    [InlineData(CsvEncoding.Windows1252, "latin1")]
    public async Task Encodings_AreRead(CsvEncoding encoding, string name)
    {
        var text = Encoding.GetEncoding(name);
        byte[] bytes = [.. text.Preamble, .. text.GetBytes("jo@bücher.test,1")];

        var rows = await ReadAsync(new MemoryStream(bytes), s_columns with { HasHeader = false, Encoding = encoding });

        Assert.Equal("jo@xn--bcher-kva.test", Assert.Single(rows).Subscriber?.Email);
    }

    [Fact]
    public async Task FileThatComesByteByByte_IsReadAlike()
    {
        await using var stream = new ByteByByte([0xEF, 0xBB, 0xBF, .. "jö"u8, .. "@shop.test,1\njo@bücher.test,1\n"u8]);

        var rows = await ReadAsync(stream, s_columns with { HasHeader = false });

        Assert.Equal(["Line 1: 'jö@shop.test' is not an e-mail address.", null], rows.Select(row => row.Message));
        Assert.Equal("jo@xn--bcher-kva.test", rows[1].Subscriber?.Email);
    }

    [Fact]
    public async Task LargeFile_IsReadInPieces()
    {
        await using var stream = new EndlessRows(rows: 200_000);
        var (rows, batches, ahead, bytes) = (0, 0, 0L, 0L);

        await foreach (var batch in SubscriberCsv.ReadAsync(stream, s_columns with { HasHeader = false }, TimeZoneInfo.Utc, Cancel))
        {
            Assert.All(batch.Rows, row => Assert.NotNull(row.Subscriber));
            rows += batch.Rows.Count;
            batches++;
            // What was taken from the stream and not given to us yet.
            ahead = Math.Max(ahead, stream.RowsMade - rows);
            Assert.True(batch.BytesRead > bytes || batch.Rows.Count == 0);
            bytes = batch.BytesRead;
        }

        Assert.Equal((200_000, 201, stream.BytesMade), (rows, batches, bytes));
        Assert.InRange(ahead, 0, 2000);
    }

    [Fact]
    public async Task FileWithTooManyRows_IsReadUpToThere()
    {
        await using var stream = new EndlessRows(rows: SubscriberCsv.MaxRows + 5000);
        var (rows, stopped) = (0, (string?)null);

        await foreach (var batch in SubscriberCsv.ReadAsync(stream, s_columns with { HasHeader = false }, TimeZoneInfo.Utc, Cancel))
        {
            rows += batch.Rows.Count;
            stopped = batch.Stopped;
        }

        Assert.Equal(SubscriberCsv.MaxRows, rows);
        Assert.Equal("The file has more than 1000000 rows. Line 1000001 and all after it are not read. Split the file.", stopped);
    }

    private static Task<List<SubscriberCsvRow>> ReadAsync(string text, SubscriberColumns? columns = null, string zone = "UTC") =>
        ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), columns ?? s_columns, zone);

    private static async Task<List<SubscriberCsvRow>> ReadAsync(Stream stream, SubscriberColumns columns, string zone = "UTC") =>
        [.. (await SubscriberCsv.ReadAsync(stream, columns, TimeZoneInfo.FindSystemTimeZoneById(zone), Cancel).ToListAsync(Cancel)).SelectMany(batch => batch.Rows)];
}
