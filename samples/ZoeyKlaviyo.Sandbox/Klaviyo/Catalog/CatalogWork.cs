namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>Does a job's rows one after the other. One that does not fit what is there fails by itself.</summary>
/// <param name="refuse">Part of the title or name of rows that fail too; null: of none.</param>
internal sealed class CatalogWork(AccountCatalog catalog, CatalogJob job, string? refuse, DateTimeOffset at)
{
    public IReadOnlyList<CatalogJobError> Do() =>
        [.. job.Data!.Value.EnumerateArray().Select((row, index) => Do(new(job, row, index))).OfType<CatalogJobError>()];

    private CatalogJobError? Do(CatalogRow row)
    {
        if (row.IsCreate && catalog.Has(row.Kind, row.Id))
            return row.Refuse("duplicate", "Conflict.", CatalogNames.Exists(row.Kind, row.CompoundId), "/attributes/external_id");
        if (!row.IsCreate && !catalog.Has(row.Kind, row.Id))
            return row.Missing(row.Kind, row.CompoundId, "/id");
        if (job.Operation == CatalogOperation.Delete)
        {
            catalog.Remove(row.Kind, row.Id!);
            return null;
        }
        if (refuse is not null && Label(row).Contains(refuse, StringComparison.Ordinal))
            return row.Refuse("invalid", "Invalid input.", $"The value of '{row.LabelName}' is not valid.", "/attributes/" + row.LabelName);
        foreach (var (compound, pointer) in row.Related)
        {
            if (!catalog.Has(row.RelatedKind, CatalogNames.External(compound)))
                return row.Missing(row.RelatedKind, compound, pointer);
        }
        Set(row);
        return null;
    }

    private void Set(CatalogRow row)
    {
        if (row.Kind == CatalogKind.Category)
            SetCategory(row);
        else if (row.Kind == CatalogKind.Item)
            catalog.Set(Merge(catalog.Items.Find(row.Id) ?? new CatalogItem(row.Id!) { Created = at }, row));
        else
            catalog.Set(Merge(catalog.Variants.Find(row.Id) ?? new CatalogVariant(row.Id!, row.RelatedIds[0]) { Created = at }, row.Attributes));
    }

    private void SetCategory(CatalogRow row)
    {
        catalog.Categories.Set(new(row.Id!, row.Attributes.Text("name", catalog.Categories.Find(row.Id)?.Name ?? ""), at));
        foreach (var item in row.RelatedIds.Select(catalog.Items.Find).OfType<CatalogItem>().ToList())
            catalog.Set(item with { Categories = [.. item.Categories.Union([row.Id!])] });
    }

    /// <summary>Whether an update's categories replace the item's is not documented; here they join them.</summary>
    private CatalogItem Merge(CatalogItem before, CatalogRow row) => before with
    {
        Title = row.Attributes.Text("title", before.Title),
        Description = row.Attributes.Text("description", before.Description),
        Url = row.Attributes.Text("url", before.Url),
        Price = row.Attributes.Number("price", before.Price),
        ImageFullUrl = row.Attributes.TextOrNull("image_full_url", before.ImageFullUrl),
        ImageThumbnailUrl = row.Attributes.TextOrNull("image_thumbnail_url", before.ImageThumbnailUrl),
        Images = row.Attributes.Texts("images", before.Images),
        CustomMetadata = row.Attributes.Json("custom_metadata", before.CustomMetadata),
        Published = row.Attributes.Flag("published", before.Published),
        Categories = [.. before.Categories.Union(row.RelatedIds)],
        Updated = at,
    };

    private CatalogVariant Merge(CatalogVariant before, CatalogAttributes attributes) => before with
    {
        Title = attributes.Text("title", before.Title),
        Description = attributes.Text("description", before.Description),
        Url = attributes.Text("url", before.Url),
        Sku = attributes.Text("sku", before.Sku),
        Price = attributes.Number("price", before.Price),
        InventoryQuantity = attributes.Number("inventory_quantity", before.InventoryQuantity),
        InventoryPolicy = attributes.Integer("inventory_policy", before.InventoryPolicy),
        ImageFullUrl = attributes.TextOrNull("image_full_url", before.ImageFullUrl),
        ImageThumbnailUrl = attributes.TextOrNull("image_thumbnail_url", before.ImageThumbnailUrl),
        Images = attributes.Texts("images", before.Images),
        CustomMetadata = attributes.Json("custom_metadata", before.CustomMetadata),
        Published = attributes.Flag("published", before.Published),
        Updated = at,
    };

    private string Label(CatalogRow row) => row.Attributes.Text(row.LabelName, row.Kind switch
    {
        CatalogKind.Category => catalog.Categories.Find(row.Id)?.Name,
        CatalogKind.Item => catalog.Items.Find(row.Id)?.Title,
        _ => catalog.Variants.Find(row.Id)?.Title,
    } ?? "");
}
