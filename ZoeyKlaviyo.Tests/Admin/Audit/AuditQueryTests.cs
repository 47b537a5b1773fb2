using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;

namespace ZoeyKlaviyo.Tests.Admin.Audit;

public sealed class AuditQueryTests
{
    [Theory]
    [InlineData("?kind=nonsense&status=nonsense&trigger=nonsense&from=nonsense&to=nonsense&idle=nonsense")]
    [InlineData("?kind=1&status=-1&trigger=99999999999999999999&from=1&to=-1&idle=1")]
    [InlineData("?kind=&status=&trigger=&from=&to=&idle=")]
    [InlineData("?kind=Events,Retries&status=%00&trigger=%00&from=%00&to=2026-02-30")]
    [InlineData("?from=9999-12-32&to=9999-12-31")]
    [InlineData("?from=9999-12-31T23:59:59-14:00&to=9999-12-31T23:59:59-14:00")]
    [InlineData("?from=0001-01-01T00:00:00%2B14:00&to=0001-01-01T00:00:00%2B14:00")]
    public void Nonsense_DoesNotFilter(string query)
    {
        Assert.Equal(new AuditFilter(), AuditQuery.Filter(Parse(query)));
        Assert.Equal(new PayloadFilter(), AuditQuery.Payloads(Parse(query.Replace("kind", "state", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("?status=nonsense")]
    [InlineData("?status=7&error=&search=%20")]
    [InlineData("?error=%00&search=jo%00")]
    public void NonsenseOfRecords_DoesNotFilter(string query) => Assert.Equal(new RecordFilter(), AuditQuery.Records(Parse(query)));

    [Fact]
    public void To_IncludesTheDayItNames() => Assert.Equal(new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero), AuditQuery.To("2026-03-02"));

    private static QueryCollection Parse(string query) => new(QueryHelpers.ParseQuery(query));
}
