using ZoeyKlaviyo.Admin.Events;
using ZoeyKlaviyo.Core.Events;

namespace ZoeyKlaviyo.Tests.Admin.Events;

public sealed class PayloadWordsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 9, 10, 0, TimeSpan.Zero);

    [Fact]
    public void State_OfARetry_TellsWhen() => Assert.Equal("Retrying in 3 h 20 min", PayloadWords.State(Payload(next: s_now.AddMinutes(200)), s_now));

    [Fact]
    public void State_OfARetryThatIsDue_WaitsForTheRun() => Assert.Equal("Retrying with the next run", PayloadWords.State(Payload(next: s_now), s_now));

    [Fact]
    public void State_AfterAnOutage_WaitsForKlaviyo() =>
        Assert.Equal("Waiting for Klaviyo", PayloadWords.State(Payload(next: s_now.AddHours(10), outage: true), s_now));

    private static Payload Payload(DateTimeOffset next, bool outage = false) => new()
    {
        AccountId = "ABC123",
        Metric = Metrics.PlacedOrder,
        Email = "jo@shop-demo.com",
        UniqueId = "order-1",
        Properties = "{}",
        State = PayloadState.Retry,
        NextTryUtc = next,
        Outage = outage,
    };
}
