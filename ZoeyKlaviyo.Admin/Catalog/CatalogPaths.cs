using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Admin.Stores;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Catalog;

/// <summary>The addresses behind the catalog's counts and searches: Manage Connection, with what to look for in the query.</summary>
internal static class CatalogPaths
{
    /// <summary>The part of the page that shows the records.</summary>
    public const string Fragment = "catalog-records";

    private const string Kind = "catalog";
    private const string Part = "records";
    private const string Parent = "of";
    private const string Text = "find";
    private const string Place = "after";

    public static string Search(string store, string text) =>
        $"{QueryHelpers.AddQueryString(StorePaths.ManageConnection(store), Text, text)}#{Fragment}";

    /// <summary>The present page with these records.</summary>
    /// <param name="after">The id that the page before ended with.</param>
    /// <param name="isThere">The person looks at that part of the page already, and nothing is to scroll.</param>
    public static string With(NavigationManager navigation, CatalogFilter filter, long? after = null, bool isThere = false)
    {
        var address = FilterAddress.With(
            navigation,
            (Kind, filter.Kind is { } kind ? CatalogOverview.SyncKindOf(kind).ToString() : null),
            (Part, filter.Part?.ToString()),
            (Parent, filter.ParentId),
            (Text, filter.Text),
            (Place, after?.ToString(CultureInfo.InvariantCulture)));
        return $"{address.Split('#')[0]}{(isThere ? "" : filter.IsEmpty ? "#catalog" : $"#{Fragment}")}";
    }

    public static CatalogFilter Filter(string address)
    {
        var query = AuditPaths.Query(address);
        return new CatalogFilter(
            AuditQuery.Name<SyncKind>(query[Kind]) switch
            {
                SyncKind.Categories => CatalogKind.Category,
                SyncKind.Products => CatalogKind.Item,
                SyncKind.Variants => CatalogKind.Variant,
                _ => null,
            },
            AuditQuery.Name<CatalogPart>(query[Part]),
            AuditQuery.Text(query[Parent]),
            AuditQuery.Text(query[Text]));
    }

    public static long? After(string address) =>
        long.TryParse(AuditPaths.Query(address)[Place], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
