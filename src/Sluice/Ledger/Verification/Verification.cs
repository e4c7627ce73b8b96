namespace Sluice.Ledger.Verification;

/// <summary>What a look through a whole ledger came to.</summary>
internal sealed record Verification
{
    /// <summary>Entries that were read and hashed.</summary>
    public required long Entries { get; init; }

    public required int Segments { get; init; }

    /// <summary>Of them, those whose entries retention has removed.</summary>
    public required int RemovedSegments { get; init; }

    /// <summary>Anchors that the chain was compared with.</summary>
    public required int Anchors { get; init; }

    /// <summary>The last entry.</summary>
    public required long Last { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public bool IsWhole => Findings.Count == 0;
}
