using System.Globalization;
using Sluice.Calls;

namespace Sluice.Cli.Scenarios.Chaos;

/// <summary>What happened in a chaos run, in one line.</summary>
internal static class ChaosSummary
{
    private const int MostErrorsTold = 40;

    public static string Of(IReadOnlyList<ChaosCall> calls, IReadOnlyCollection<Receipt> receipts, ChaosProviders providers)
    {
        var attempts = receipts.Sum(r => r.Attempts.Count);
        var left = calls.Count(c => c.Seen.Left);
        var whole = calls.Count(c => c.Seen.Complete);
        var refused = calls.Count(c => c.Seen.Status == 402);
        var cut = calls.Count(c => c.Seen.Truncated);
        var failedOver = receipts.Count(r => r.Complete && r.Attempts is [var first, ..] && $"{first.Provider}/{first.Model}" != r.Target);
        var hedged = receipts.Count(r => r.Attempts.Any(a => a.Hedged));
        var errors = calls
            .Where(c => c.Seen is { Complete: false, Truncated: false, Left: false, Status: not 402 })
            .GroupBy(c => c.Seen.Status?.ToString(CultureInfo.InvariantCulture) ?? "none")
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Count()} {g.Key}");
        var cost = receipts.Sum(r => r.Cost.Dollars);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{calls.Count} calls: {whole} whole, {cut} cut and told so, {refused} refused by a budget, {calls.Count - whole - cut - refused - left} errors ({string.Join(", ", errors)}), {left} clients left; {attempts} attempts, {providers.Failed} faults, {failedOver} failed over, {hedged} hedged, {receipts.Count(r => r.Continued)} gone on with, {receipts.Count(r => r.Rule == "override")} overridden; {cost} USD"
        );
    }

    /// <summary>What clients were told in place of an answer or in its middle, and how often; numbers do not tell two apart.</summary>
    public static IReadOnlyList<string> Errors(IReadOnlyList<ChaosCall> calls) =>
        [
            .. calls
                .Where(c => c.Seen is { Complete: false, Left: false })
                .GroupBy(c =>
                    $"{c.Seen.Status} {string.Concat((c.Seen.Heard.ErrorMessage ?? "no words").Where(l => !char.IsAsciiDigit(l)))}"
                )
                .Select(g => (Count: g.Count(), g.Key))
                .OrderByDescending(g => g.Count)
                .ThenBy(g => g.Key, StringComparer.Ordinal)
                .Take(MostErrorsTold)
                .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count, 6}  {g.Key}")),
        ];
}
