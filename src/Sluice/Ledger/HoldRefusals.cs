namespace Sluice.Ledger;

/// <summary>Why a hold is not made, if it is not. Under the ledger's lock.</summary>
internal static class HoldRefusals
{
    /// <summary>The first budget that stands in the way; one without room tells more than one that is kept for cheaper targets.</summary>
    public static BudgetRefusal? Among(BudgetCounter[] counters, HoldRecord wanted, HoldTerms terms, BudgetTeller teller)
    {
        foreach (var counter in counters)
        {
            var needed = wanted.AmountIn(counter.Budget.Limit.Unit);
            if (counter.Budget.Mode != BudgetMode.Soft && (!counter.Fits(needed) || (counter.Waiting > 0 && needed > 0)))
            {
                var refusal = Refuse(counter, needed, wanted.At);
                if (refusal is { MayFitLater: false, IsRate: false })
                {
                    teller.Refused(counter, wanted.At);
                }

                return refusal;
            }
        }

        if (terms.CheaperFollows)
        {
            foreach (var counter in counters)
            {
                if (counter.Budget.Mode == BudgetMode.Downshift && counter.Used >= counter.Budget.DownshiftAt)
                {
                    return Refuse(counter, wanted.AmountIn(counter.Budget.Limit.Unit), wanted.At) with { Downshift = true };
                }
            }
        }

        return null;
    }

    /// <summary>The first limit on a single call that it would go beyond, its earlier attempts included.</summary>
    public static BudgetRefusal? OfCall(IEnumerable<Budget> budgets, HoldRecord wanted, HoldTerms terms)
    {
        foreach (var budget in budgets)
        {
            var unit = budget.Limit.Unit;
            var spent =
                unit == BudgetUnit.Tokens ? terms.TokensInCall
                : unit == BudgetUnit.Calls ? terms.AttemptsInCall
                : terms.SpentInCall;
            var (left, needed) = (Math.Max(0, budget.Limit.Value - spent), wanted.AmountIn(unit));
            if (budget.Mode != BudgetMode.Soft && needed > left)
            {
                return new BudgetRefusal(budget.Name, budget.Limit, new(left, unit), new(needed, unit), null, new(0, unit));
            }
        }

        return null;
    }

    private static BudgetRefusal Refuse(BudgetCounter counter, long needed, DateTimeOffset now)
    {
        var (budget, unit) = (counter.Budget, counter.Budget.Limit.Unit);
        var name = budget.Each is null ? budget.Name : $"{budget.Name}[{counter.Part}]";
        return new BudgetRefusal(name, budget.Limit, new(counter.Left, unit), new(needed, unit), counter.End, new(counter.Held, unit))
        {
            IsRate = budget.IsRate,
            OfProvider = budget.Match.Names(BudgetDimension.Provider),
            RoomIn = budget.IsRate ? counter.RoomIn(needed, now) : null,
        };
    }

    /// <summary>A budget that can tell no further value apart.</summary>
    public static BudgetRefusal NoRoomFor(Budget full) =>
        new(full.Name, full.Limit, full.Limit with { Value = 0 }, full.Limit, null, full.Limit with { Value = 0 });
}
