using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Cli.Scenarios.Checks;

/// <summary>Compares receipts with what the ledger has: the same attempts, by the same targets, at the same cost.</summary>
internal static class LedgerCheck
{
    public static IEnumerable<string> Failures(LedgerBook ledger, IEnumerable<Receipt> receipts)
    {
        ledger.Writer.Drain();
        return receipts.SelectMany(receipt => Failures(receipt, ledger.Store.OfCall(receipt.Call)));
    }

    /// <param name="entries">Those of the call.</param>
    public static IEnumerable<string> Failures(Receipt receipt, IReadOnlyList<LedgerEntry> entries)
    {
        foreach (var attempt in receipt.Attempts)
        {
            var said = $"attempt {attempt.Number} of {attempt.Route} by {attempt.Provider}/{attempt.Model} for {attempt.Cost}";
            var booked = entries.Where(e => e.Hold.Attempt == attempt.Number).ToList();
            if (!booked.Exists(e => Is(e, attempt)))
            {
                var had = booked.Count == 0 ? "nothing" : string.Join(", ", booked.Select(Text));
                yield return $"call {receipt.Call}: the receipt has {said}, the ledger {had}";
            }
        }

        var sum = entries.Aggregate(Credits.Zero, (all, e) => all + e.Settlement.Cost);
        if (sum != receipt.Cost)
        {
            yield return $"call {receipt.Call}: the receipt says {receipt.Cost} USD, the ledger {sum} USD";
        }
    }

    private static bool Is(LedgerEntry entry, Attempt attempt) =>
        entry.Hold.Route == attempt.Route
        && entry.Hold.Provider == attempt.Provider
        && entry.Hold.Model == attempt.Model
        && entry.Settlement.Cost == attempt.Cost;

    private static string Text(LedgerEntry e) => $"{e.Hold.Route} by {e.Hold.Provider}/{e.Hold.Model} for {e.Settlement.Cost}";
}
