using Sluice.Calls;
using Sluice.Telemetry;

namespace Sluice.Cli.Scenarios.Running;

/// <summary>Finds out which receipt belongs to which call.</summary>
internal static class Receipts
{
    public static void Assign(RecentReceipts receipts, IReadOnlyList<Seen> calls)
    {
        foreach (var seen in calls)
        {
            seen.Receipt = seen.Headers.TryGetValue("x-sluice-call", out var id) ? receipts.Find(id) : null;
        }

        // A client that left before an answer began was told of none.
        var told = calls.Select(c => c.Receipt?.Call).ToHashSet();
        var left = new Queue<Receipt>(receipts.All.Where(r => !told.Contains(r.Call)).OrderBy(r => r.StartedAt).ThenBy(r => r.Call));
        foreach (var seen in calls.Where(c => c.Receipt is null && (c.Left || c.Broken)).OrderBy(c => c.Began))
        {
            seen.Receipt = left.TryDequeue(out var receipt) ? receipt : null;
        }
    }
}
