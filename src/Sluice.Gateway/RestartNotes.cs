using Sluice.Configuration;

namespace Sluice.Gateway;

/// <summary>What a reload cannot change.</summary>
internal static class RestartNotes
{
    public static IEnumerable<string> Between(Snapshot before, Snapshot after)
    {
        if (before.Ledger.RingSlots != after.Ledger.RingSlots)
        {
            yield return $"ledger.ringSlots: {after.Ledger.RingSlots} is taken for a new ring only; the one in the data directory stays as it is";
        }
    }
}
