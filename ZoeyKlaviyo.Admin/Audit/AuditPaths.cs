using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using ZoeyKlaviyo.Admin.Stores;
using ZoeyKlaviyo.Core.Events;

namespace ZoeyKlaviyo.Admin.Audit;

/// <summary>The addresses behind runs, records and payloads.</summary>
internal static class AuditPaths
{
    public static string Run(string store, long run) => string.Create(CultureInfo.InvariantCulture, $"{StorePaths.List}/{store}/audit/{run}");

    public static string Payloads(string store, PayloadState? state = null) =>
        state is { } known ? $"{StorePaths.Payloads(store)}?state={known}" : StorePaths.Payloads(store);

    /// <summary>The same list as JSON lines: the page's filters without where it is in the list and what it shows beside it.</summary>
    public static string Lines(string path, string address)
    {
        var filters = Query(address).Where(entry => entry.Key is not ("older" or "record" or "payload" or "connect"));
        return QueryHelpers.AddQueryString($"{path}.jsonl", filters);
    }

    public static QueryCollection Query(string address) => new(QueryHelpers.ParseQuery(new Uri(address).Query));
}
