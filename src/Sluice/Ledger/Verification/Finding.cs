namespace Sluice.Ledger.Verification;

/// <summary>Something that is not as the ledger was written.</summary>
/// <param name="First">The first entry concerned; 0 where it is not about entries.</param>
/// <param name="Last">The last entry concerned.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
internal sealed record Finding(FindingKind Kind, long First, long Last, string Message);

internal enum FindingKind
{
    /// <summary>An entry does not say what it said.</summary>
    Changed,

    /// <summary>Entries are gone from the middle.</summary>
    Missing,

    /// <summary>Two entries stand in each other's place.</summary>
    Swapped,

    /// <summary>An entry stands in another's place.</summary>
    Moved,

    /// <summary>Entries are gone from the end.</summary>
    Cut,

    /// <summary>An entry stands where none can be.</summary>
    Extra,

    /// <summary>The link of a segment does not say what it said.</summary>
    Link,

    /// <summary>A rollup is not what its entries add up to.</summary>
    Rollup,

    /// <summary>The chain is another one than an anchor says.</summary>
    Anchor,

    /// <summary>The file itself is damaged.</summary>
    File,
}
