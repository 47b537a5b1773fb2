using System.Linq.Expressions;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>The records of a kind by what is to become of them, as people ask for them.</summary>
public enum CatalogPart
{
    /// <summary>What Klaviyo should hold.</summary>
    Wanted,

    /// <summary>What it holds as it should be.</summary>
    InSync,

    /// <summary>What is sent by the next run, or just under way.</summary>
    Open,

    /// <summary>Variants whose product Klaviyo does not have yet.</summary>
    Waiting,

    /// <summary>What Klaviyo would not take.</summary>
    Refused,

    /// <summary>Deletions that a person has to decide about.</summary>
    Held,

    /// <summary>Deletions that were confirmed, and wait for a run.</summary>
    Confirmed,

    /// <summary>What the store no longer has, and a person kept.</summary>
    Kept,
}

internal static class CatalogParts
{
    /// <summary>The same in the database.</summary>
    public static Expression<Func<CatalogRecord, bool>> Filter(CatalogPart part) => part switch
    {
        CatalogPart.Wanted => row => !row.IsGone || row.Removal == Removal.None,
        CatalogPart.InSync => row => row.State == CatalogState.InSync,
        CatalogPart.Open => row => row.Removal != Removal.Held && (row.State == CatalogState.Open || row.State == CatalogState.Sending || row.State == CatalogState.Undecided),
        CatalogPart.Waiting => row => row.State == CatalogState.Waiting,
        CatalogPart.Refused => row => row.State == CatalogState.Refused,
        CatalogPart.Held => row => row.State == CatalogState.Held && row.Removal == Removal.Held,
        CatalogPart.Confirmed => row => row.State == CatalogState.Held && row.Removal == Removal.Confirmed,
        CatalogPart.Kept => row => row.State == CatalogState.Kept && row.Removal == Removal.Kept,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    /// <summary>The same for rows that were counted together.</summary>
    public static bool Holds(CatalogPart part, CatalogState state, Removal removal, bool isGone) => part switch
    {
        CatalogPart.Wanted => !isGone || removal == Removal.None,
        CatalogPart.InSync => state == CatalogState.InSync,
        CatalogPart.Open => removal != Removal.Held && state is CatalogState.Open or CatalogState.Sending or CatalogState.Undecided,
        CatalogPart.Waiting => state == CatalogState.Waiting,
        CatalogPart.Refused => state == CatalogState.Refused,
        CatalogPart.Held => state == CatalogState.Held && removal == Removal.Held,
        CatalogPart.Confirmed => state == CatalogState.Held && removal == Removal.Confirmed,
        CatalogPart.Kept => state == CatalogState.Kept && removal == Removal.Kept,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };
}
