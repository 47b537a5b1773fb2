namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>Klaviyo's words for kinds, jobs and ids.</summary>
internal static class CatalogNames
{
    private const string Prefix = "$custom:::$default:::";

    /// <param name="id">The external id, which is the compound one's last part.</param>
    public static string Compound(string id) => Prefix + id;

    /// <summary>The external id; null: no id of what the API made.</summary>
    public static string? External(string? compound) =>
        compound?.StartsWith(Prefix, StringComparison.Ordinal) is true && compound.Length > Prefix.Length ? compound[Prefix.Length..] : null;

    public static string Name(this CatalogKind kind) => kind switch
    {
        CatalogKind.Category => "category",
        CatalogKind.Item => "item",
        _ => "variant",
    };

    public static string Plural(this CatalogKind kind) => kind == CatalogKind.Category ? "categories" : kind.Name() + "s";

    public static string Type(this CatalogKind kind) => "catalog-" + kind.Name();

    public static string Name(this CatalogOperation operation) => operation switch
    {
        CatalogOperation.Create => "create",
        CatalogOperation.Update => "update",
        _ => "delete",
    };

    public static string JobType(CatalogKind kind, CatalogOperation operation) => $"{kind.Type()}-bulk-{operation.Name()}-job";

    public static string Missing(CatalogKind kind, string? compound) => $"{WithId(kind, compound)} does not exist.";

    public static string Exists(CatalogKind kind, string? compound) => $"{WithId(kind, compound)} already exists.";

    private static string WithId(CatalogKind kind, string? compound) => $"{(kind == CatalogKind.Item ? "An" : "A")} {kind.Name()} with the id `{compound}`";
}
