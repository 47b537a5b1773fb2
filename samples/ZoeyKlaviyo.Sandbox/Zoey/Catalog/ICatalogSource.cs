namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>A catalog before anything in it was changed. Ids ascend.</summary>
internal interface ICatalogSource
{
    IReadOnlyList<long> Ids { get; }

    /// <summary>The root first.</summary>
    IReadOnlyList<StoreCategory> Categories { get; }

    IReadOnlyList<long> IdsIn(string categoryId);

    /// <summary>A new one each time, for the caller to change.</summary>
    StoreProduct? Find(long id);
}
