using System.Collections.ObjectModel;

namespace ZoeyKlaviyo.Core.Zoey;

/// <param name="Id">The store's id of it; its number where it has no id.</param>
/// <param name="Reason">What is missing or wrong, in words.</param>
public sealed record UnreadableOrder(string Id, string Reason);

/// <summary>Orders, and those that the store gave but that can't be read: no order is lost without a word.</summary>
public sealed class ZoeyOrderPage(IList<ZoeyOrder> orders, IReadOnlyList<UnreadableOrder> unreadable) : ReadOnlyCollection<ZoeyOrder>(orders)
{
    public IReadOnlyList<UnreadableOrder> Unreadable { get; } = unreadable;
}
