using ZoeyKlaviyo.Core.Catalog.Sending;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Tests.Catalog;

/// <summary>Which row of a job an error is about, however much of that Klaviyo says.</summary>
public sealed class JobResultTests
{
    private static readonly string[] s_rows = ["a", "b", "c"];

    [Theory]
    [InlineData("meta", """{"detail":"No.","source":{"pointer":"/data/attributes/items/data/0/attributes/title"},"meta":{"id":"$custom:::$default:::b"}}""")]
    [InlineData("pointer", """{"detail":"No.","source":{"pointer":"/data/attributes/items/data/1/attributes/title"}}""")]
    [InlineData("quoted", """{"detail":"The item `$custom:::$default:::b` is not valid."}""")]
    public void ErrorNamesARow_TheOthersAreDone(string how, string error)
    {
        var results = Of(JobOperation.Update, s_rows, error);

        Assert.True(results["b"].Fate == RowFate.Refused, how);
        Assert.Equal((RowFate.Done, RowFate.Done), (results["a"].Fate, results["c"].Fate));
    }

    /// <summary>It is about one of them, nobody knows which.</summary>
    [Theory]
    [InlineData("""{"detail":"No."}""")]
    [InlineData("""{"detail":"No.","source":{"pointer":"/data/attributes/items/data/7"}}""")]
    [InlineData("""{"detail":"No.","meta":{"id":"$custom:::$default:::z"}}""")]
    public void ErrorNamesNoRow_NoneIsDone(string error) =>
        Assert.All(Of(JobOperation.Update, s_rows, error).Values, result => Assert.Equal(RowFate.Unknown, result.Fate));

    [Fact]
    public void ErrorNamesNoRow_OfOneAlone_IsThatRows() => Assert.Equal(RowFate.Refused, Of(JobOperation.Create, ["a"], """{"detail":"No."}""")["a"].Fate);

    [Theory]
    [InlineData(JobOperation.Create, "An item with the id `$custom:::$default:::b` already exists.", RowFate.Exists, null)]
    [InlineData(JobOperation.Update, "An item with the id `$custom:::$default:::b` does not exist.", RowFate.Missing, null)]
    [InlineData(JobOperation.Delete, "An item with the id `$custom:::$default:::b` does not exist.", RowFate.Missing, null)]
    [InlineData(JobOperation.Update, "A category with the id `$custom:::$default:::c-3` does not exist.", RowFate.LacksOther, "c-3")]
    [InlineData(JobOperation.Create, "A category with the id `$custom:::$default:::c-3` does not exist.", RowFate.LacksOther, "c-3")]
    public void WordsTellWhatToDo(JobOperation operation, string words, object fate, string? other)
    {
        var error = $$$"""{"detail":"{{{words}}}","source":{"pointer":"/data/attributes/items/data/1/id"}}""";
        foreach (var result in new[] { Of(operation, s_rows, error)["b"], Of(operation, ["b"], $$"""{"detail":"{{words}}"}""")["b"], JobResult.OfRefusal([Error(error)], operation, s_rows)["b"] })
            Assert.Equal((fate, other), (result.Fate, result.Other));
    }

    [Fact]
    public void CancelledJob_NoneIsDone() => Assert.All(
        JobResult.Of(new CatalogJobState("1", JobStatus.Cancelled, 3, 0, [], null, null), JobOperation.Create, s_rows).Values,
        result => Assert.Equal(RowFate.Unknown, result.Fate));

    private static IReadOnlyDictionary<string, RowResult> Of(JobOperation operation, IReadOnlyList<string> rows, string error) =>
        JobResult.Of(new CatalogJobState("1", JobStatus.Complete, rows.Count, 1, [KlaviyoCatalogClient.AboutRow(Error(error))], null, null), operation, rows);

    private static KlaviyoError Error(string json)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(json)!;
        return new KlaviyoError("invalid", null, node["detail"]!.GetValue<string>(), node["source"]?["pointer"]?.GetValue<string>(), json);
    }
}
