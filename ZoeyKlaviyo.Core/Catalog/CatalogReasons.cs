namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>Why a record of the catalog is not in Klaviyo as it should be, as records keep it.</summary>
internal static class CatalogReasons
{
    public const string Refused = "catalog_refused";
    public const string NoVerdict = "catalog_no_verdict";
    public const string Cancelled = "catalog_job_cancelled";
    public const string MissingCategory = "catalog_missing_category";
    public const string MissingItem = "catalog_missing_item";
    public const string NotInStore = "catalog_not_in_store";
    public const string WaitingForItem = "catalog_waiting";
}
