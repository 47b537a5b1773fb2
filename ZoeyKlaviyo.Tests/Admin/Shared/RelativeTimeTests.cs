using ZoeyKlaviyo.Admin.Shared;

namespace ZoeyKlaviyo.Tests.Admin.Shared;

public sealed class RelativeTimeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 17, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "just now")]
    [InlineData(-44, "just now")]
    [InlineData(-50, "50 s ago")]
    [InlineData(-60, "1 min ago")]
    [InlineData(-12_000, "3 h 20 min ago")]
    [InlineData(-7_199, "2 h ago")]
    [InlineData(10, "in a moment")]
    [InlineData(360, "in 6 min")]
    [InlineData(-86_400, "22 Nov 2026, 17:00 UTC")]
    [InlineData(86_400, "24 Nov 2026, 17:00 UTC")]
    public void Describe_SecondsFromNow_IsInWords(int seconds, string expected) =>
        Assert.Equal(expected, RelativeTime.Describe(s_now.AddSeconds(seconds), s_now));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59.7, "1 min")]
    [InlineData(3_600, "1 h")]
    [InlineData(3_660, "1 h 1 min")]
    [InlineData(187_200, "2 d 4 h")]
    public void Duration_Seconds_HasTwoUnitsAtMost(double seconds, string expected) =>
        Assert.Equal(expected, RelativeTime.Duration(TimeSpan.FromSeconds(seconds)));
}
