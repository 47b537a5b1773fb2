using ZoeyKlaviyo.Sandbox.Klaviyo.Api;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>Changes of an item's categories outside jobs; they take effect at once.</summary>
internal sealed class CatalogLinks : IApiOperations
{
    private readonly CatalogBook _book;

    public CatalogLinks(CatalogBook book)
    {
        _book = book;
        Handlers = new Dictionary<string, ApiHandler>
        {
            ["update_categories_for_catalog_item"] = Handler((_, given) => given),
            ["add_categories_to_catalog_item"] = Handler((there, given) => there.Intersect(given).Any() ? null : there.Concat(given)),
            ["remove_categories_from_catalog_item"] = Handler((there, given) => there.Except(given)),
        };
    }

    public IReadOnlyDictionary<string, ApiHandler> Handlers { get; }

    /// <param name="change">Null: there is one among them already.</param>
    private ApiHandler Handler(Func<IReadOnlyList<string>, IReadOnlyList<string>, IEnumerable<string>?> change) => new(call =>
    {
        _book.Count(calls => calls with { RelationshipPatches = calls.RelationshipPatches + 1 });
        var compounds = call.Body.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()!).ToList();
        return _book.Link<ApiAnswer>(call.Account, CatalogNames.External(call.Id) ?? "", catalog =>
        {
            if (catalog.Items.Find(CatalogNames.External(call.Id)) is not { } item)
                return (null, CatalogReads.NotFound(CatalogKind.Item, call.Id));
            if (compounds.FindIndex(one => !catalog.Has(CatalogKind.Category, CatalogNames.External(one))) is >= 0 and var index)
                return (null, CatalogReads.NotFound(CatalogKind.Category, compounds[index], $"/data/{index}/id"));
            return change(item.Categories, compounds.ConvertAll(one => CatalogNames.External(one)!)) is { } categories
                ? ([.. categories.Distinct()], ApiAnswer.NoContent)
                : (null, ApiAnswer.Refused(409, "duplicate", "Conflict.",
                    $"One or more of the relations specified for the item with id `{call.Id}` already exists.", "/data/id"));
        });
    });
}
