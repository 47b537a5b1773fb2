using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Admin.Stores;

namespace ZoeyKlaviyo.Admin.Shell;

public sealed partial class NavMenu
{
    [Parameter]
    public string? Store { get; set; }

    [Parameter]
    public bool ShowStores { get; set; }

    /// <summary>Where the person is; tells which link is the current one.</summary>
    [Parameter, EditorRequired]
    public string Address { get; set; } = "";

    private IEnumerable<Link> Links()
    {
        var uri = new Uri(Address);
        if (Store is not null)
        {
            var isInStore = StorePaths.KeyOf(Address) == Store;
            var isAudit = isInStore && (uri.Fragment == "#audit-log" || IsUnder(uri, $"{StorePaths.List}/{Store}/audit"));
            yield return new Link("Integrations", StorePaths.Integrations(Store), Icons.Material.Filled.Extension,
                !isAudit && IsUnder(uri, StorePaths.Integrations(Store)));
            yield return new Link("Audit Log", StorePaths.AuditLog(Store), Icons.Material.Filled.History, isAudit);
            yield return new Link("Payloads", StorePaths.Payloads(Store), Icons.Material.Filled.Outbox, IsUnder(uri, StorePaths.Payloads(Store)));
        }

        if (ShowStores)
            yield return new Link("Stores", StorePaths.List, Icons.Material.Filled.Storefront, uri.AbsolutePath.TrimEnd('/') == StorePaths.List);
    }

    private static bool IsUnder(Uri uri, string path) => uri.AbsolutePath == path || uri.AbsolutePath.StartsWith(path + "/", StringComparison.Ordinal);

    private sealed record Link(string Name, string Href, string Icon, bool IsCurrent);
}
