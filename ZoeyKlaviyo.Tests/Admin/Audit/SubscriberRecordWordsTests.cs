using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Tests.Admin.Audit;

public sealed class SubscriberRecordWordsTests
{
    [Theory]
    [InlineData("Subscribe", RecordResult.Sent, "Subscribed")]
    [InlineData("Unsubscribe", RecordResult.Sent, "Unsubscribed")]
    [InlineData("Subscribe", RecordResult.Unchanged, "Already subscribed")]
    [InlineData("Subscribe", RecordResult.Skipped, "Skipped")]
    [InlineData("Subscribe", RecordResult.Failed, "Refused")]
    [InlineData("Subscribe", RecordResult.Retry, "Will be retried")]
    [InlineData("Read", RecordResult.Failed, "Not readable")]
    [InlineData("Send event", RecordResult.Sent, "Sent")]
    public void Result_SaysWhatBecameOfThePerson(string operation, RecordResult result, string expected) =>
        Assert.Equal(expected, RecordWords.Result(new RunRecord { Record = "x", Operation = operation, Result = result }));

    [Fact]
    public void FilesAreNoSyncs() =>
        Assert.Equal(["Subscribers sync", "Opt-out file"], new[] { SyncKind.Subscribers, SyncKind.OptOutReport }.Select(RunWords.Title));
}
