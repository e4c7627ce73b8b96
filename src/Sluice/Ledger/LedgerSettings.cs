namespace Sluice.Ledger;

/// <summary>How the ledger keeps its promises.</summary>
internal sealed record LedgerSettings
{
    /// <summary>How often the ring is forced to disk; what a power cut may lose. Zero forces every record.</summary>
    public TimeSpan Sync { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Slots of the ring; each holds one hold or settlement.</summary>
    public int RingSlots { get; init; } = 65_536;

    /// <summary>How long entries are kept. What they add up to by day is kept for good. Zero keeps them for good, too.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How often the end of the chain is written down outside of it, days are closed and what is too old is removed.</summary>
    public TimeSpan AnchorEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What an attempt is booked with when it was sent and nothing came back.</summary>
    public OnUnknown OnUnknown { get; init; } = OnUnknown.Hold;
}

internal enum OnUnknown
{
    /// <summary>The whole hold.</summary>
    Hold,

    /// <summary>What the bytes that were seen suggest.</summary>
    Estimate,
}
