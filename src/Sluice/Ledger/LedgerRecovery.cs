using Sluice.Ledger.Ring;
using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>What a start does with what the last process left: replays the ring, then books open holds with their whole amount.</summary>
internal static class LedgerRecovery
{
    public static (LedgerTail Tail, IReadOnlyList<HoldRecord> Holds) Run(ILedgerStore store, MappedRing? ring, TimeProvider time)
    {
        var tail = store.ReadTail();
        var open = tail.OpenHolds.ToDictionary(h => h.Id);
        var booked = new List<(HoldRecord, SettlementRecord)>();
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
                    booked.Add((hold, settlement));
                }
            }
        }

        var lost = open.Values.OrderBy(h => h.Id).ToList();
        booked.AddRange(lost.Select(h => (h, Whole(h, time.GetUtcNow()))));
        var entries = new List<LedgerEntry>(booked.Count);
        var (number, hash) = (tail.Sequence, tail.Hash);
        foreach (var (hold, settlement) in booked)
        {
            entries.Add(LedgerEntry.Chain(hold, settlement, ++number, hash));
            hash = entries[^1].Hash;
        }

        if (entries.Count > 0 || last != tail.RingSequence)
        {
            store.Append(new LedgerBatch(entries, [], [.. tail.OpenHolds.Select(h => h.Id)], last));
        }

        return (new LedgerTail(number, hash, last, []), lost);
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
