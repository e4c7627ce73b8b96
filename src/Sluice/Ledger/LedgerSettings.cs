namespace Sluice.Ledger;

/// <summary>How the ledger keeps its promises.</summary>
internal sealed record LedgerSettings
{
    /// <summary>How often the ring is forced to disk; what a power cut may lose. Zero forces every record.</summary>
    public TimeSpan Sync { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Slots of the ring; each holds one hold or settlement.</summary>
    public int RingSlots { get; init; } = 65_536;

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
