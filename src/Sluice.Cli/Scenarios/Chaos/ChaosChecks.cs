using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Cli.Scenarios.Checks;
using Sluice.Cli.Scenarios.Running;
using Sluice.Ledger;

namespace Sluice.Cli.Scenarios.Chaos;

/// <summary>What must be true of every call, whatever went wrong.</summary>
internal sealed class ChaosChecks(
    IReadOnlyList<ChaosCall> calls,
    IReadOnlyDictionary<string, Receipt> receipts,
    IReadOnlyList<(TimeSpan From, TimeSpan Until, JsonObject Configuration)> inForce,
    ChaosProviders providers,
    LedgerBook ledger
)
{
    /// <summary>How much later than its deadline an answer may end: a client must still be told.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public IEnumerable<string> Failures(int count)
    {
        ledger.Writer.Drain();
        var entries = ledger.Store.List(int.MaxValue);
        var asked = providers.Asked.ToLookup(a => a.Call, a => a.Target);
        List<string> failures =
        [
            .. calls.SelectMany(call => OfCall(call, asked[call.Seen.Number])),
            .. OfLedger(entries),
            .. ChaosBudgets.Failures(entries, ChaosWorld.Limits(count), ledger.Status()),
        ];
        if (ledger.OpenHolds is > 0 and var open)
        {
            failures.Add($"{open} holds are open, though no call is under way");
        }

        return failures;
    }

    private IEnumerable<string> OfCall(ChaosCall call, IEnumerable<string> asked)
    {
        var seen = call.Seen;
        var id = seen.Headers.GetValueOrDefault("x-sluice-call");
        seen.Receipt = id is null ? null : receipts.GetValueOrDefault(id);
        foreach (var failure in new CallCheck(seen, Tolerance.None).Failures())
        {
            yield return failure;
        }

        var about = $"{seen.Step.Path} ({seen.Step.Client.Name}{(seen.Step.Stream ? " stream" : "")}, {seen.Step.Route})";
        if (!call.Leaves && (seen.Left || seen.Took > call.Deadline + Grace))
        {
            yield return $"{about}: it hung for {Story.Seconds(seen.Took)}, its deadline was {Story.Seconds(call.Deadline)}";
        }

        if (seen.Status is 401 or 404 or 500)
        {
            yield return $"{about}: {seen.Status} {seen.Heard.ErrorMessage}, though key and route are known and nothing broke here";
        }

        var to = call.Override ?? seen.Step.Route;
        var text = seen.Heard.Text;
        if (seen.Complete ? text != call.WholeText : !call.WholeText.StartsWith(text, StringComparison.Ordinal))
        {
            yield return $"{about}: the client has '{text}'{(seen.Complete ? " as whole" : "")}, of '{call.WholeText}'";
        }

        var reaches = inForce
            .Where(c => c.From <= seen.Began && seen.Began <= c.Until)
            .Select(c => new ChaosReach(c.Configuration))
            .ToList();
        foreach (var target in asked.Where(t => !reaches.Exists(r => r.Of(to, call.Trivial, call.Image).Contains(t))))
        {
            yield return $"{about}: {target} was asked, which it must not reach";
        }

        if (seen.Receipt is { } receipt && !to.Contains('/', StringComparison.Ordinal))
        {
            var entry = receipt.Rule switch
            {
                "policy[0]" => "cheap",
                "policy[1]" => "good",
                _ => to,
            };
            foreach (var attempt in receipt.Attempts.Where(a => reaches.TrueForAll(r => r.IsAbove(a.Route, entry))))
            {
                yield return $"{about}: an attempt was for {attempt.Route}, above {entry}";
            }
        }

        if (call.Override is not null && seen.Receipt is { Rule: not "override" } other)
        {
            yield return $"{about}: it went by {other.Rule ?? "its route"}, an override sent it to {call.Override}";
        }

        if (seen.Complete && !asked.Contains(seen.Receipt?.Target))
        {
            yield return $"{about}: {seen.Receipt?.Target ?? "nobody"} is said to have answered and was not asked";
        }
    }

    private IEnumerable<string> OfLedger(IReadOnlyList<LedgerEntry> entries)
    {
        var ofCall = entries.ToLookup(e => e.Hold.Call);
        return
        [
            .. receipts.Values.SelectMany(r => LedgerCheck.Failures(r, [.. ofCall[r.Call]])),
            .. ofCall
                .Where(c => !receipts.ContainsKey(c.Key))
                .Select(c => $"call {c.Key}: the ledger has entries, and there is no receipt"),
        ];
    }
}
