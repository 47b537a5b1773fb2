namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>Calls that came through since the start or the last reset: jobs made by what they do, questions about jobs, other questions, changed links.</summary>
public sealed record CatalogCalls(long Creates = 0, long Updates = 0, long Deletes = 0, long Polls = 0, long Reads = 0, long RelationshipPatches = 0)
{
    internal CatalogCalls Add(CatalogOperation operation) => operation switch
    {
        CatalogOperation.Create => this with { Creates = Creates + 1 },
        CatalogOperation.Update => this with { Updates = Updates + 1 },
        _ => this with { Deletes = Deletes + 1 },
    };
}
