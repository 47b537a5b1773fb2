using ZoeyKlaviyo.Core.Events.Intake;

namespace ZoeyKlaviyo.Tests.Events;

public sealed class VisitTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0a", "1")]
    [InlineData("0a 29:59a", "10")]
    [InlineData("0a 30:00a", "11")]
    [InlineData("0a 20v 40v 69a", "1--0")]
    [InlineData("0a 20v 50a", "1-1")]
    [InlineData("0v 5a 10a", "-10")]
    [InlineData("60a 0a 61a", "110")]
    [InlineData("60a 45a 80a", "100")]
    public void ActiveOnSite_CountsOncePerVisit(string seen, string expected)
    {
        var visit = VisitState.None();

        var counts = seen.Split(' ').Select(text =>
        {
            var parts = text[..^1].Split(':');
            var at = s_noon.AddMinutes(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture));
            at = parts.Length > 1 ? at.AddSeconds(int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)) : at;
            var isActive = text[^1] == 'a';
            var isCounted = visit.See(at, isActive);
            return !isActive ? '-' : isCounted ? '1' : '0';
        });

        Assert.Equal(expected, string.Concat(counts));
    }
}
