namespace ZoeyKlaviyo.Sandbox.Klaviyo.Events;

public sealed record MetricRecord(string Account, string Id, string Name, DateTimeOffset Created);
