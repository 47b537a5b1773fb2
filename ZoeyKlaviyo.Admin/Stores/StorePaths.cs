namespace ZoeyKlaviyo.Admin.Stores;

/// <summary>The addresses of the pages.</summary>
public static class StorePaths
{
    public const string List = "/stores";

    public static string Integrations(string store) => $"{List}/{store}/integrations";

    public static string ManageConnection(string store) => $"{Integrations(store)}/klaviyo";

    public static string AuditLog(string store) => $"{ManageConnection(store)}#audit-log";

    public static string Payloads(string store) => $"{List}/{store}/payloads";

    /// <summary>The store that an absolute or relative address lies under; null when it lies under none.</summary>
    public static string? KeyOf(string address)
    {
        var path = Uri.TryCreate(address, UriKind.Absolute, out var uri) && !uri.IsFile ? uri.AbsolutePath : address.Split('?', '#')[0];
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["stores", var key, ..] ? Uri.UnescapeDataString(key) : null;
    }
}
