using System.Runtime.CompilerServices;
using System.Text.Json;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Core.Zoey;

/// <param name="Id">The record's own, or what the list calls it.</param>
internal sealed record ZoeyRecord(string Id, JsonElement Json);

/// <summary>
/// Goes through a list, whichever resource's. A page past the end repeats the last one, no answer holds a total, and a store or what stands
/// before it may give fewer records than it is asked for, so the end is an empty or a repeated page, or one that is shorter than the last.
/// </summary>
public sealed class ZoeyPager(ZoeyHttp http)
{
    internal const int MaxPages = 50_000;
    private const int Limit = 100;

    /// <summary>Magento's page size where a request names none; a store that gives fewer records than this has no more.</summary>
    private const int SmallestPage = 10;

    /// <summary>The records that no earlier page had, a page at a time. They are good until the next page.</summary>
    /// <exception cref="ZoeyException">The list can't be read to its end.</exception>
    internal IAsyncEnumerable<IReadOnlyList<ZoeyRecord>> ReadAsync(
        ZoeyStore store, ZoeyResource resource, ZoeyQuery query, CancellationToken cancellationToken) =>
        PagesAsync(store, resource, query, isToEnd: false, cancellationToken);

    /// <summary>
    /// As <see cref="ReadAsync"/>, for one request more: it ends at an empty or a repeated page alone, so that what it did not hold, once it has
    /// ended without an exception, the store does not have.
    /// </summary>
    /// <exception cref="ZoeyException">The list can't be read to its end.</exception>
    internal IAsyncEnumerable<IReadOnlyList<ZoeyRecord>> ReadToEndAsync(
        ZoeyStore store, ZoeyResource resource, ZoeyQuery query, CancellationToken cancellationToken) =>
        PagesAsync(store, resource, query, isToEnd: true, cancellationToken);

    private async IAsyncEnumerable<IReadOnlyList<ZoeyRecord>> PagesAsync(
        ZoeyStore store, ZoeyResource resource, ZoeyQuery query, bool isToEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new SeenRecords();
        var (limit, before) = (Limit, SmallestPage);
        for (var page = 1; page <= MaxPages; page++)
        {
            (var document, limit) = await PageAsync(store, resource, query, page, limit, cancellationToken);
            using (document)
            {
                if (isToEnd && document.RootElement.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Null))
                    throw new ZoeyException(ZoeyProblem.Unreadable, $"The store's answer with {resource.Name} is no list.", 200);
                var records = Records(document.RootElement, resource);
                seen.StartPage();
                var fresh = records.Where(record => seen.Add(record.Id)).ToList();
                if (fresh.Count == 0)
                    yield break;
                yield return fresh;
                if (!isToEnd && records.Count < before)
                    yield break;
                before = records.Count;
            }
        }

        throw new ZoeyException(ZoeyProblem.Unreadable, $"The store's list of {resource.Name} has no end: {MaxPages} pages were read.");
    }

    internal static List<ZoeyRecord> Records(JsonElement list, ZoeyResource resource) =>
    [
        .. from item in WireJson.Items(list, resource.IdNames)
           select new ZoeyRecord(WireJson.Text(item.Value, [.. resource.IdNames]) ?? item.Key ?? WireJson.RawText(item.Value), item.Value),
    ];

    /// <summary>A store with a lower maximum than usual is asked for half as much, once.</summary>
    private async Task<(JsonDocument Document, int Limit)> PageAsync(
        ZoeyStore store, ZoeyResource resource, ZoeyQuery query, int page, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return (await http.GetAsync(store, resource, resource.Path, query.Page(page, limit), cancellationToken), limit);
        }
        catch (ZoeyException exception) when (page == 1 && exception.HttpStatus == 400 && exception.Message.Contains("paging limit", StringComparison.OrdinalIgnoreCase))
        {
            return (await http.GetAsync(store, resource, resource.Path, query.Page(page, limit / 2), cancellationToken), limit / 2);
        }
    }
}
