using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;
using static ZoeyKlaviyo.Tests.Sandbox.KlaviyoBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class KlaviyoContractTests
{
    [Fact]
    public void Event_AsDocumented_HasNoViolation() => Assert.Empty(Check(Event()));

    [Fact]
    public void Event_UnknownMember_IsNamed()
    {
        var body = Event();
        body["data"]!["attributes"]!["profile"]!["data"]!["attributes"]!["consent"] = "SUBSCRIBED";
        Assert.Equal(["/data/attributes/profile/data/attributes/consent"], Check(body));
    }

    [Theory]
    [InlineData("value", "\"1,299.00\"")]
    [InlineData("time", "1784538900")]
    [InlineData("time", "\"20 July 2026\"")]
    [InlineData("backfill", "\"true\"")]
    [InlineData("properties", "[]")]
    [InlineData("properties", "null")]
    public void Event_WrongType_IsNamed(string name, string json)
    {
        var body = Event();
        Attributes(body)[name] = JsonNode.Parse(json);
        Assert.Equal([$"/data/attributes/{name}"], Check(body));
    }

    [Theory]
    [InlineData("metric")]
    [InlineData("profile")]
    [InlineData("properties")]
    public void Event_RequiredMemberMissing_IsNamed(string name)
    {
        var body = Event();
        Attributes(body).Remove(name);
        Assert.Equal([$"/data/attributes/{name}"], Check(body));
    }

    [Fact]
    public void Event_WrongResourceType_IsNamed()
    {
        var body = Event();
        body["data"]!["type"] = "events";
        Assert.Equal(["/data/type"], Check(body));
    }

    [Fact]
    public void Event_AnythingInsideProperties_IsFree()
    {
        var body = Event();
        Attributes(body)["properties"] = JsonNode.Parse("""{"a":{"b":[1,null,{"c":true}]},"$extra":{}}""");
        Assert.Empty(Check(body));
    }

    [Fact]
    public void Event_NullWhereAllowed_HasNoViolation()
    {
        var body = Event();
        Attributes(body)["value"] = null;
        body["data"]!["attributes"]!["profile"]!["data"]!["attributes"]!["location"] = null;
        Assert.Empty(Check(body));
    }

    [Fact]
    public void BulkEvents_MemberOnTheWrongLevel_NamesTheRow()
    {
        var body = Bulk(Row("a@shop.test", "1"), Row("b@shop.test", "2"));
        body["data"]!["attributes"]!["events-bulk-create"]!["data"]![1]!["attributes"]!["email"] = "b@shop.test";
        Assert.Equal([$"{BulkRows}/1/attributes/email"], Pointers("/api/event-bulk-create-jobs", body));
    }

    [Fact]
    public void Operation_NotInTheContract_IsAViolation() =>
        Assert.Single(KlaviyoContract.Validate("POST", "/api/orders", "{}"));

    [Fact]
    public void Operations_All_NameTheirScopes() => Assert.All(KlaviyoContract.Operations, operation => Assert.NotEmpty(operation.Scopes));

    [Theory]
    [InlineData("get_accounts", 1, 15)]
    [InlineData("create_event", 350, 3500)]
    [InlineData("bulk_create_events", 10, 150)]
    [InlineData("get_metrics", 10, 150)]
    [InlineData("get_lists", 75, 750)]
    [InlineData("get_catalog_items", 350, 3500)]
    [InlineData("bulk_create_catalog_items", 75, 750)]
    [InlineData("get_bulk_create_catalog_items_job", 75, 750)]
    [InlineData("get_bulk_delete_catalog_items_job", 350, 3500)]
    [InlineData("get_bulk_create_categories_job", 350, 3500)]
    [InlineData("update_categories_for_catalog_item", 75, 750)]
    public void Operation_Always_HasItsPublishedLimits(string operationId, int burst, int steady)
    {
        var limits = KlaviyoContract.Operations.Single(operation => operation.OperationId == operationId).Limits;
        Assert.Equal([(burst, TimeSpan.FromSeconds(1)), (steady, TimeSpan.FromMinutes(1))], limits.Select(limit => (limit.Calls, limit.Window)));
    }

    private static IEnumerable<string> Check(JsonObject body) => Pointers("/api/events", body);

    private static IEnumerable<string> Pointers(string path, JsonObject body) =>
        KlaviyoContract.Validate("POST", path, body.ToJsonString()).Select(violation => violation.Pointer);
}
