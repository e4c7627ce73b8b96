using System.Globalization;
using Sluice.Calls;

namespace Sluice.Cli.Scenarios.Chaos;

/// <summary>What happened in a chaos run, in one line.</summary>
internal static class ChaosSummary
{
    public static string Of(IReadOnlyList<ChaosCall> calls, IReadOnlyCollection<Receipt> receipts, ChaosProviders providers)
    {
        var attempts = receipts.Sum(r => r.Attempts.Count);
        var left = calls.Count(c => c.Seen.Left);
        var whole = calls.Count(c => c.Seen.Complete);
        var refused = calls.Count(c => c.Seen.Status == 402);
        var cut = calls.Count(c => c.Seen.Truncated);
        var failedOver = receipts.Count(r => r.Complete && r.Attempts is [var first, ..] && $"{first.Provider}/{first.Model}" != r.Target);
        var hedged = receipts.Count(r => r.Attempts.Any(a => a.Hedged));
        var cost = receipts.Sum(r => r.Cost.Dollars);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{calls.Count} calls: {whole} whole, {cut} cut and told so, {refused} refused by a budget, {calls.Count - whole - cut - refused - left} errors, {left} clients left; {attempts} attempts, {providers.Failed} faults, {failedOver} failed over, {hedged} hedged, {receipts.Count(r => r.Continued)} gone on with; {cost} USD"
        );
    }
}
