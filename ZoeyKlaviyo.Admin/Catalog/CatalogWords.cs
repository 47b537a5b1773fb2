using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Admin.Catalog;

/// <param name="State">A word or two.</param>
internal sealed record CatalogVerdict(string State, Tone Tone, string Sentence);

/// <param name="Advice">What to do.</param>
internal sealed record CatalogGap(string Sentence, string Advice);

/// <summary>What Klaviyo holds of a catalog, in words.</summary>
internal static class CatalogWords
{
    public static string Of(CatalogKind kind, long count) => kind switch
    {
        CatalogKind.Category => Words.Count(count, "category", "categories"),
        CatalogKind.Item => Words.Count(count, "product"),
        _ => Words.Count(count, "variant"),
    };

    public static string Many(CatalogKind kind) => CatalogOverview.SyncKindOf(kind).ToString();

    public static CatalogVerdict Verdict(CatalogSummary summary)
    {
        long Sum(Func<CatalogLine, int> count) => summary.Lines.Sum(count);
        if (!summary.IsApiSetUp)
            return new("Not available", Tone.Warning, "The store's API is not set up, so its catalog can't be read. Set up the Store API below; nothing is deleted in Klaviyo meanwhile.");
        if (summary.Lines.All(line => line.Off is not null))
            return new("Off", Tone.Neutral, summary.Lines.Select(line => line.Off).Distinct().Count() == 1 ? summary.Lines[0].Off! : "Categories, Products and Variants are No: nothing is sent, and nothing is deleted.");
        if (Sum(line => line.Held) is > 0 and var held)
            return new("Needs your decision", Tone.Warning, $"{Words.Count(held, "deletion is", "deletions are")} held for confirmation; everything else goes on.");
        if (Sum(line => line.Refused) is > 0 and var refused)
            return new("Some refused", Tone.Warning, $"Klaviyo would not take {Words.Count(refused, "record")}. The count below leads to the reasons.");
        if (Sum(line => line.Total) == 0)
            return new("Nothing sent yet", Tone.Neutral, "The first sync reads the store's categories, then its products, then its variants. Press Sync now at each, or wait for the night.");
        var open = Sum(line => line.Open + line.Confirmed);
        if (open > 0)
            return new("On its way", Tone.Busy, $"{Words.Count(open, "change is", "changes are")} still to be told to Klaviyo.");
        if (Sum(line => line.Waiting) is > 0 and var waiting)
            return new("Some waiting", Tone.Warning, $"{Words.Count(waiting, "variant waits for its product", "variants wait for their products")}, as Klaviyo takes a variant only with its product.");
        return new("In step", Tone.Good, $"Klaviyo has all {Words.Number(Sum(line => line.Total))} records as the store has them.");
    }

    public static string State(CatalogRecord record) => record.State switch
    {
        CatalogState.InSync => "In Klaviyo",
        CatalogState.Open when record.Operation == CatalogOperation.Delete => "To be deleted",
        CatalogState.Open => record.IsInKlaviyo ? "To be updated" : "To be created",
        CatalogState.Sending => "Being sent",
        CatalogState.Waiting => "Waiting for its product",
        CatalogState.Refused => "Refused by Klaviyo",
        CatalogState.Undecided => "Has moved",
        CatalogState.Held when record.Removal == Removal.Confirmed => "Deletion confirmed",
        CatalogState.Held => "Held for your confirmation",
        _ => "Kept in Klaviyo",
    };

    public static Tone ToneOf(CatalogRecord record) => record.State switch
    {
        CatalogState.InSync => Tone.Good,
        CatalogState.Open or CatalogState.Sending or CatalogState.Undecided => Tone.Busy,
        CatalogState.Waiting or CatalogState.Held => Tone.Warning,
        CatalogState.Refused => Tone.Bad,
        _ => Tone.Neutral,
    };

    /// <summary>What stands above the records that a filter shows.</summary>
    public static string Heading(CatalogFilter filter) => filter switch
    {
        { Text: { Length: > 0 } text } => $"Found for “{text.Trim()}”",
        { Kind: CatalogKind.Variant, ParentId: { } parent } => $"Variants of product {parent}",
        { Kind: { } kind, Part: CatalogPart.InSync } => $"{Many(kind)} in Klaviyo as in the store",
        { Kind: { } kind, Part: CatalogPart.Open } => $"{Many(kind)} to be sent",
        { Kind: { } kind, Part: CatalogPart.Waiting } => $"{Many(kind)} waiting for their product",
        { Kind: { } kind, Part: CatalogPart.Refused } => $"{Many(kind)} refused by Klaviyo",
        { Kind: { } kind, Part: CatalogPart.Held } => $"{Many(kind)} whose deletion is held for confirmation",
        { Kind: { } kind, Part: CatalogPart.Confirmed } => $"{Many(kind)} whose deletion is confirmed",
        { Kind: { } kind, Part: CatalogPart.Kept } => $"{Many(kind)} kept in Klaviyo though the store no longer has them",
        { Kind: { } kind } => $"{Many(kind)} that Klaviyo should hold",
        _ => "",
    };

    /// <summary>What the store does not offer, or did not when it was last asked.</summary>
    public static IEnumerable<CatalogGap> Gaps(CatalogSummary summary)
    {
        if (summary.Listing is not { } listing)
            yield break;
        if (listing.CategoriesProblem is { } categories)
        {
            yield return new(
                $"The store's categories could not be read: {categories}",
                "Products are sent all the same, in the categories that Klaviyo has of them so far. Test connection, under Store API, says what the store gives.");
        }

        if (listing.ProductsProblem is { } products)
        {
            yield return new(
                $"The store's products could not be read: {products}",
                "What Klaviyo has stays as it is, and nothing is deleted because a list can't be read. Test connection, under Store API, says more.");
        }

        if (listing.CategoryLinksProblem is { } links)
            yield return new(links, "New products are in no category in Klaviyo until the store's product list can be filtered by category_id: ask Zoey's support for it.");
        if (listing.StockProblem is { } stock)
            yield return new(stock, "In Zoey, let the API role read the inventory (stock items); then press Sync now at Variants.");
        if (listing.ProductsWithoutVariants is > 0 and var without)
        {
            yield return new(
                $"{Words.Count(without, "product has", "products have")} variants by type, but nothing in the store's list says which.",
                "Upload an export of the products below. Or have the operator name the attribute that holds a variant's product in Zoey:ParentAttribute.");
        }
    }
}
