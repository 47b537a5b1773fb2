using System.Net;
using System.Text.Json.Nodes;
using static ZoeyKlaviyo.Tests.Sandbox.KlaviyoBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class SandboxBulkEventTests
{
    private const string Path = "/api/event-bulk-create-jobs";

    [Fact]
    public async Task Bulk_Good_IsAcceptedWithoutABody()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var body = Bulk(Row("a@shop.test", "1", "2"), Row("b@shop.test", "1"));
        body["data"]!["attributes"]!["events-bulk-create"]!["data"]![1]!["attributes"]!["backfill"] = true;
        var answer = await session.PostAsync(Path, body);
        Assert.Equal((HttpStatusCode.Accepted, ""), (answer.Status, answer.Text));
        Assert.Equal(["a@shop.test 1 bulk False", "a@shop.test 2 bulk False", "b@shop.test 1 bulk True"],
            session.Server.Events.Select(one => $"{one.Email} {one.UniqueId} {one.Via} {one.Backfill}"));
    }

    [Fact]
    public async Task Bulk_BadRows_RefusesEverythingAndNamesEach()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var body = Bulk(Row("a@shop.test", "1"), Row("nobody", "2"), Row("c@shop.test", "3", "4"), Row("d@shop.test", "5"));
        var rows = body["data"]!["attributes"]!["events-bulk-create"]!["data"]!;
        rows[2]!["attributes"]!["events"]!["data"]![1]!["attributes"]!["value"] = "12.00";
        rows[3]!["attributes"]!["profile"]!["data"]!["attributes"]!["vip"] = true;
        var answer = await session.PostAsync(Path, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
        [
            $"{BulkRows}/1/attributes/profile/data/attributes/email",
            $"{BulkRows}/2/attributes/events/data/1/attributes/value",
            $"{BulkRows}/3/attributes/profile/data/attributes/vip",
        ], answer.Pointers.Order());
        Assert.Empty(session.Server.Events);
    }

    [Fact]
    public async Task Bulk_RepeatInsideTheRequest_RefusesEverything()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var answer = await session.PostAsync(Path, Bulk(Row("a@shop.test", "1"), Row("a@shop.test", "2", "1")));
        Assert.Equal([$"{BulkRows}/1/attributes/events/data/1/attributes/unique_id"], answer.Pointers);
        Assert.Empty(session.Server.Events);
    }

    [Fact]
    public async Task Bulk_RepeatOfAnEarlierEvent_RefusesEverything()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.PostAsync("/api/events", Event("1", "a@shop.test"));
        var answer = await session.PostAsync(Path, Bulk(Row("b@shop.test", "1"), Row("a@shop.test", "1")));
        Assert.Equal([$"{BulkRows}/1/attributes/events/data/0/attributes/unique_id"], answer.Pointers);
        Assert.Single(session.Server.Events);
    }

    [Fact]
    public async Task Bulk_ErrorsPerAnswer_NamesNoMore()
    {
        await using var session = await SandboxSession.ConnectAsync(errorsPerAnswer: 1);
        var rows = new[] { Row("one", "1"), Row("two", "2"), Row("c@shop.test", "3", "3") };
        Assert.Equal([$"{BulkRows}/0/attributes/profile/data/attributes/email"], (await session.PostAsync(Path, Bulk(rows[0], rows[1], rows[2]))).Pointers);
        Assert.Equal([$"{BulkRows}/0/attributes/profile/data/attributes/email"], (await session.PostAsync(Path, Bulk(Row("two", "2")))).Pointers);
        Assert.Equal([$"{BulkRows}/0/attributes/events/data/1/attributes/unique_id"], (await session.PostAsync(Path, Bulk(Row("c@shop.test", "3", "3", "3")))).Pointers);
    }

    [Fact]
    public async Task Bulk_OfThousandAndOne_IsRefusedAsAWhole()
    {
        await using var session = await SandboxSession.ConnectAsync();
        JsonObject Rows(int count) => Bulk([.. Enumerable.Range(0, count).Chunk(2).Select(chunk => Row($"p{chunk[0]}@shop.test", [.. chunk.Select(i => $"{i}")]))]);
        Assert.Equal([BulkRows], (await session.PostAsync(Path, Rows(1001))).Pointers);
        Assert.Equal(HttpStatusCode.Accepted, (await session.PostAsync(Path, Rows(1000))).Status);
        Assert.Equal(1000, session.Server.Events.Count);
    }
}
