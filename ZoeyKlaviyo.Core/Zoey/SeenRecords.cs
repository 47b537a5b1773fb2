using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>
/// Which records of a listing were there before. While ids ascend, the highest one and the ids of two pages tell; from the first id on that
/// does not, all are remembered. A record that comes again out of order after many pages may then count as new once more.
/// </summary>
internal sealed class SeenRecords
{
    private readonly HashSet<UInt128> _page = [];
    private readonly HashSet<UInt128> _pageBefore = [];
    private HashSet<UInt128>? _all;
    private UInt128? _highest;

    public void StartPage()
    {
        _pageBefore.Clear();
        _pageBefore.UnionWith(_page);
        _page.Clear();
    }

    /// <returns>False when it was there before.</returns>
    public bool Add(string id)
    {
        var isNumber = ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var key = isNumber ? number : KeyOf(id);
        if (_page.Contains(key) || _pageBefore.Contains(key))
        {
            _page.Add(key);
            return false;
        }

        if (_all is null && !(isNumber && !(key <= _highest)))
            _all = [.. _pageBefore, .. _page];
        _page.Add(key);
        if (_all is not null)
            return _all.Add(key);
        _highest = key;
        return true;
    }

    /// <summary>What stands in for an id may be a whole record; a part of its hash is smaller and as good. It is above all numbers.</summary>
    private static UInt128 KeyOf(string id) =>
        MemoryMarshal.Read<UInt128>(SHA256.HashData(Encoding.UTF8.GetBytes(id))) | (UInt128.One << 127);
}
