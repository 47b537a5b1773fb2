using ZoeyKlaviyo.Admin.Scheduling;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Tests.Admin.Scheduling;

public sealed class ProgressWordsTests
{
    [Theory]
    [InlineData(RunPhase.Sending, 41_200, 100_000, 1150.0, "Sending to Klaviyo: 41,200 of 100,000 · 1,150/s · about 51 s left")]
    [InlineData(RunPhase.Reading, 41_200, null, 3.46, "Reading the store: 41,200 so far · 3.5/s")]
    [InlineData(RunPhase.Sending, 10, 130, 0.5, "Sending to Klaviyo: 10 of 130 · 30 a minute · about 4 min left")]
    [InlineData(RunPhase.Sending, 10, 20, 0.0, "Sending to Klaviyo: 10 of 20 · none in the last minute")]
    // Not a minute yet: no rate, and no time from it.
    [InlineData(RunPhase.Comparing, 10, 20, null, "Comparing: 10 of 20")]
    [InlineData(RunPhase.WaitingForKlaviyo, 10, 20, 2.0, "Waiting for Klaviyo: 10 of 20")]
    [InlineData(RunPhase.Reading, 0, null, null, "Reading the store")]
    public void Sentence_TellsPhaseCountRateAndTheRest(RunPhase phase, int done, int? total, double? rate, string expected) => Assert.Equal(
        expected, ProgressWords.Sentence(new Run { Status = RunStatus.Running, Phase = phase, ProgressDone = done, ProgressTotal = total, ProgressRate = rate }));

    [Fact]
    public void Sentence_OfAQueuedRun_TellsWhatItIsBehind()
    {
        var run = new Run { Kind = SyncKind.Variants, Status = RunStatus.Queued };

        Assert.Equal("Waiting for its turn: Products is under way", ProgressWords.Sentence(run, SyncKind.Products));
        Assert.Equal("Waiting for its turn", ProgressWords.Sentence(run));
    }
}
