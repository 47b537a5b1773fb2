using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Admin.Connection;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Tests.Admin.Connection;

public sealed class VerdictSentenceTests : BunitContext
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 9, 4, 0, TimeSpan.Zero));

    public VerdictSentenceTests()
    {
        Services.AddSingleton<TimeProvider>(_time);
        Services.AddScoped<MinuteClock>();
    }

    [Fact]
    public void Working_NothingWaits_EverythingIsSent() =>
        Assert.Equal("Everything sent. Next events run in 6 min.", Text(StoreCondition.Working));

    [Fact]
    public void Working_EventsWaitAndSomeFailed_EachCountLinksToItsEvents()
    {
        var sentence = Show(StoreCondition.Working, waiting: 12, failed: 3);

        Assert.Equal("12 events wait; the next run sends them in 6 min. 3 events failed.", Squeeze(sentence.Find("span").TextContent));
        Assert.Equal(
            [("12 events", "/stores/acme/payloads?state=New"), ("3 events failed", "/stores/acme/payloads?state=Failed")],
            sentence.FindAll("a").Select(link => (link.TextContent, link.GetAttribute("href")!)));
    }

    [Fact]
    public void Off_EventsWait_SaysThatTheyAreHeld() =>
        Assert.Equal(
            "Is Enabled is No: nothing is recorded and nothing is sent. 3 events are held until it is Yes.",
            Text(StoreCondition.Off, waiting: 1, retrying: 2));

    private string Text(StoreCondition condition, int waiting = 0, int retrying = 0) =>
        Squeeze(Show(condition, waiting, retrying).Find("span").TextContent);

    private IRenderedComponent<VerdictSentence> Show(StoreCondition condition, int waiting = 0, int retrying = 0, int failed = 0)
    {
        var next = _time.GetUtcNow().AddMinutes(6);
        SyncLine[] lines =
        [
            new(SyncKind.Events, null, null, next, waiting),
            new(SyncKind.Retries, null, null, next, retrying),
        ];
        return Render<VerdictSentence>(parameters => parameters
            .Add(sentence => sentence.Store, "acme")
            .Add(sentence => sentence.Overview, new StoreOverview(condition, null, lines, failed)));
    }

    private static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
