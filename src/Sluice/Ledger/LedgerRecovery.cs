using Sluice.Ledger.Chain;
using Sluice.Ledger.Ring;
using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>What a start does with what the last process left: replays the ring, then books open holds with their whole amount.</summary>
internal static class LedgerRecovery
{
    /// <exception cref="LedgerException">The store does not take what was left; it stays in the ring.</exception>
    public static Recovery Run(ILedgerStore store, MappedRing? ring, TimeProvider time)
    {
        var tail = store.ReadTail();
        var chain = new LedgerChain(tail);
        var open = tail.OpenHolds.ToDictionary(h => h.Id);
        var last = tail.RingSequence;
        foreach (var (sequence, slot) in ring?.After(tail.RingSequence) ?? [])
        {
            last = sequence;
            if (!ring!.TryRead(slot, out var payload))
            {
                // Torn: the process ended while writing it. A hold's request was not sent yet; a settlement's hold stays open.
                continue;
            }

            if (payload[0] == RingCodec.HoldKind)
            {
                open[sequence] = RingCodec.ReadHold(payload, sequence);
            }
            else
            {
                var settlement = RingCodec.ReadSettlement(payload);
                if (open.Remove(settlement.HoldId, out var hold))
                {
                    chain.Add(hold, settlement);
                }
            }
        }

        var lost = open.Values.OrderBy(h => h.Id).ToList();
        foreach (var hold in lost)
        {
            chain.Add(hold, Whole(hold, time.GetUtcNow()));
        }

        if (chain.HasChanges || last != tail.RingSequence)
        {
            store.Append(chain.Batch([], [.. tail.OpenHolds.Select(h => h.Id)], last));
            chain.Written();
        }

        return new Recovery(chain, last, lost);
    }

    private static SettlementRecord Whole(HoldRecord hold, DateTimeOffset now) =>
        new()
        {
            HoldId = hold.Id,
            At = now,
            Outcome = EntryOutcome.Recovered,
            Usage = new Usage { InputTokens = hold.Tokens, Evidence = UsageEvidence.Unknown },
            Cost = hold.Amount,
        };
}

/// <summary>Where a start goes on.</summary>
/// <param name="Chain">With everything that the ring had.</param>
/// <param name="RingSequence">The last record of the ring, which the store has.</param>
/// <param name="Holds">Holds without a settlement, now booked.</param>
internal sealed record Recovery(LedgerChain Chain, long RingSequence, IReadOnlyList<HoldRecord> Holds);
