namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>What goes wrong within the jobs; what goes wrong with a request is a <see cref="ZoeyKlaviyo.Sandbox.Faults.Fault"/>.</summary>
/// <param name="Refuse">Part of the title or name of rows that fail within their jobs.</param>
/// <param name="Cancel">How many further jobs end cancelled, with nothing done.</param>
/// <param name="Stuck">Whether jobs stay as they are, until this is cleared.</param>
/// <param name="Seconds">How long a job takes that comes in from now on; null: as usual.</param>
public sealed record CatalogFaults(string? Refuse = null, int Cancel = 0, bool Stuck = false, int? Seconds = null);
