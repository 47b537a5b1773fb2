using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;

namespace ZoeyKlaviyo.Tests.Admin.Audit;

public sealed class RunWordsTests
{
    private static readonly DateTimeOffset s_morning = new(2026, 11, 23, 9, 10, 0, TimeSpan.Zero);

    [Fact]
    public void Result_OfFoldedIdleRuns_TellsSinceWhenAndHowOften()
    {
        var run = new Run { QueuedUtc = s_morning, Status = RunStatus.Succeeded, Message = "No new events.", IsIdle = true, IdleChecks = 14 };

        Assert.Equal(("Idle", "Idle since 09:10 UTC, 14 checks"), (RunWords.State(run), RunWords.Result(run)));
    }

    [Fact]
    public void Result_WhileItRuns_TellsHowFar()
    {
        var run = new Run { Status = RunStatus.Running, ProgressDone = 41_200, ProgressTotal = 100_000 };

        Assert.Equal("41,200 of 100,000", RunWords.Result(run));
    }

    [Theory]
    [InlineData("Is Enabled", "No", "Yes", "Ana set Is Enabled from No to Yes")]
    [InlineData("Klaviyo connection", "Not connected", "Acme (ABC123)", "Ana connected Klaviyo: Acme (ABC123)")]
    [InlineData("Klaviyo connection", "Acme (ABC123)", "Not connected", "Ana disconnected Klaviyo: Acme (ABC123)")]
    [InlineData("Klaviyo connection", "Acme (ABC123)", "Acme (ABC123)", "Ana connected Klaviyo again: Acme (ABC123)")]
    [InlineData("Klaviyo connection", "Acme (ABC123)", "Other (XYZ789)", "Ana switched Klaviyo from Acme (ABC123) to Other (XYZ789)")]
    public void Sentence_OfAChange_NamesWhoAndWhat(string subject, string from, string to, string expected) =>
        Assert.Equal(expected, RunWords.Sentence(new SettingChange { Who = "Ana", Subject = subject, From = from, To = to }));
}
