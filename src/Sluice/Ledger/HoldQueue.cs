namespace Sluice.Ledger;

/// <summary>Calls that wait for room, in the order in which they came. Guarded by the ledger's lock.</summary>
internal sealed class HoldQueue
{
    private readonly LinkedList<WaitingHold> _waiting = [];

    public WaitingHold Add(HoldRecord wanted, BudgetCounter[] counters)
    {
        var waiting = new WaitingHold(wanted, counters);
        _waiting.AddLast(waiting);
        foreach (var counter in counters)
        {
            counter.Waiting++;
        }

        return waiting;
    }

    public void Remove(WaitingHold waiting)
    {
        if (_waiting.Remove(waiting))
        {
            foreach (var counter in waiting.Counters)
            {
                counter.Waiting--;
            }
        }
    }

    /// <summary>Those that fit by now, first come first; nobody overtakes another at a budget that has no room for the other.</summary>
    public IEnumerable<WaitingHold> Fitting(DateTimeOffset now)
    {
        var blocked = new HashSet<BudgetCounter>();
        for (var node = _waiting.First; node is not null; )
        {
            var (waiting, next) = (node.Value, node.Next);
            var fits = true;
            foreach (var counter in waiting.Counters)
            {
                counter.Roll(now);
                if (
                    blocked.Contains(counter)
                    || (counter.Budget.Mode != BudgetMode.Soft && !counter.Fits(waiting.Wanted.AmountIn(counter.Budget.Limit.Unit)))
                )
                {
                    fits = false;
                    break;
                }
            }

            if (fits)
            {
                Remove(waiting);
                yield return waiting;
            }
            else
            {
                blocked.UnionWith(waiting.Counters);
            }

            node = next;
        }
    }
}

/// <summary>A call that waits until its hold fits.</summary>
internal sealed class WaitingHold(HoldRecord wanted, BudgetCounter[] counters)
{
    private readonly TaskCompletionSource<HoldRecord> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HoldRecord Wanted => wanted;

    public BudgetCounter[] Counters => counters;

    public Task<HoldRecord> Made => _made.Task;

    public void Complete(HoldRecord hold) => _made.TrySetResult(hold);
}
