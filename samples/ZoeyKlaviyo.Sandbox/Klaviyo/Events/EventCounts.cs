namespace ZoeyKlaviyo.Sandbox.Klaviyo.Events;

/// <param name="Events">Accepted and kept.</param>
/// <param name="Distinct">Of these, how many differ in account, metric, profile or unique id.</param>
/// <param name="Repeats">Accepted and not kept, because an event with the same of these was there already.</param>
public readonly record struct EventCounts(int Events, int Distinct, long Repeats);
