using System.Collections;

namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

/// <summary>Rows that are made when they are asked for, so that a page of a long list costs no more than its own.</summary>
internal sealed class StoreRows(int count, Func<int, StoreRow> at) : IReadOnlyList<StoreRow>
{
    public int Count => count;

    public StoreRow this[int index] => at(index);

    public IEnumerator<StoreRow> GetEnumerator() => Enumerable.Range(0, count).Select(at).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
