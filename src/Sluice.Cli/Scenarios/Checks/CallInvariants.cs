using Sluice.Calls;
using Sluice.Cli.Scenarios.Running;
using Sluice.Money;

namespace Sluice.Cli.Scenarios.Checks;

/// <summary>What must be true of every call, whatever else was expected of it.</summary>
internal static class CallInvariants
{
    public static IEnumerable<string> Failures(Seen seen)
    {
        if (seen is { Truncated: true, Broken: false, Heard.Errors.Count: 0 })
        {
            yield return "an answer that is not whole ended as if it were";
        }

        if (seen.Unreadable is [var first, ..])
        {
            yield return $"the client was sent what is not JSON: {first}";
        }

        if (seen.Receipt is not { } receipt)
        {
            yield break;
        }

        if (!seen.Left && receipt.Complete != seen.Complete)
        {
            yield return $"the receipt says {(receipt.Complete ? "whole" : "not whole")}, the client saw the opposite";
        }

        if (seen.Headers.TryGetValue("x-sluice-cost", out var cost) && cost != receipt.Cost.ToString())
        {
            yield return $"the receipt says {receipt.Cost} USD, the header {cost}";
        }

        if (seen.Complete && receipt.Usage.Evidence == UsageEvidence.Reported && !IsTold(receipt.Usage, seen))
        {
            var (used, heard) = (receipt.Usage, seen.Heard);
            yield return $"the receipt says {used.InputTokens} and {used.OutputTokens} tokens, the client was told {heard.InputTokens} and {heard.OutputTokens}";
        }
    }

    /// <summary>A client that is told of no usage is told of no other.</summary>
    private static bool IsTold(Usage used, Seen seen) =>
        (seen.Heard.InputTokens ?? used.InputTokens) == used.InputTokens
        && (seen.Heard.OutputTokens ?? used.OutputTokens) == used.OutputTokens;
}
