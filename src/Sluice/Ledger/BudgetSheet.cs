using System.Collections.Immutable;
using Sluice.Ledger.Rollups;

namespace Sluice.Ledger;

/// <summary>All budgets with their counters. Guarded by the ledger's lock.</summary>
internal sealed class BudgetSheet
{
    /// <summary>Counters that one budget may have for the values it tells apart; past it a new value finds no room.</summary>
    private const int MostParts = 100_000;

    private List<Line> _lines = [];

    /// <summary>Of the lines, those that are for one key and whatever was made with it: there may be tens of thousands.</summary>
    private readonly Dictionary<string, List<Line>> _ofKey = new(StringComparer.Ordinal);
    private readonly List<Line> _ofAnybody = [];

    /// <summary>Takes a new set of budgets into use; one that counts the same things as before keeps its counters.</summary>
    /// <returns>The budgets that count something new and have to be told what is spent and held already.</returns>
    public IReadOnlyList<Budget> Apply(ImmutableArray<Budget> budgets)
    {
        var known = _lines.ToDictionary(l => l.Budget.Name);
        var (lines, added) = (new List<Line>(budgets.Length), new List<Budget>());
        foreach (var budget in budgets)
        {
            if (known.TryGetValue(budget.Name, out var line) && CountsTheSame(line.Budget, budget))
            {
                line.Change(budget);
            }
            else
            {
                line = new Line(budget);
                added.Add(budget);
            }

            lines.Add(line);
        }

        _lines = lines;
        Index();
        return added;
    }

    /// <summary>What <see cref="Restore"/> goes back to.</summary>
    public BudgetMemory Remember() => new([.. _lines], [.. _lines.Select(l => l.Budget)]);

    /// <summary>Undoes an <see cref="Apply"/> that could not be finished.</summary>
    public void Restore(BudgetMemory memory)
    {
        _lines = [.. memory.Lines.Cast<Line>()];
        for (var i = 0; i < _lines.Count; i++)
        {
            _lines[i].Change(memory.Budgets[i]);
        }

        Index();
    }

    private void Index()
    {
        _ofKey.Clear();
        _ofAnybody.Clear();
        foreach (var line in _lines)
        {
            if (line.Budget.Match.Values is [{ Key: BudgetDimension.Key, Value: [[.., not '*'] key] }, ..])
            {
                if (!_ofKey.TryGetValue(key, out var lines))
                {
                    _ofKey.Add(key, lines = []);
                }

                lines.Add(line);
            }
            else
            {
                _ofAnybody.Add(line);
            }
        }
    }

    /// <summary>The lines that may match: those of nobody in particular, and those of the key and the keys it was made with.</summary>
    private void Gather(HoldRecord hold, List<Line> into)
    {
        into.AddRange(_ofAnybody);
        if (_ofKey.Count == 0 || hold.Key.Length == 0)
        {
            return;
        }

        for (var end = hold.Key.IndexOf('/'); ; end = hold.Key.IndexOf('/', end + 1))
        {
            if (_ofKey.TryGetValue(end < 0 ? hold.Key : hold.Key[..end], out var lines))
            {
                into.AddRange(lines);
            }

            if (end < 0)
            {
                return;
            }
        }
    }

    /// <summary>The counters of the budgets that match, each once, brought to the window of the hold.</summary>
    /// <param name="hold">What is to be held.</param>
    /// <param name="full">The budget that can tell no further value apart.</param>
    /// <param name="among">Only those of these budgets.</param>
    public BudgetCounter[] For(HoldRecord hold, out Budget? full, Func<Budget, bool>? among = null)
    {
        full = null;
        if (_lines.Count == 0)
        {
            return [];
        }

        var (lines, counters) = (new List<Line>(), new List<BudgetCounter>());
        Gather(hold, lines);
        foreach (var line in lines)
        {
            if (line.Budget.Window.Kind == WindowKind.Call || among?.Invoke(line.Budget) == false || !line.Budget.Match.Matches(hold))
            {
                continue;
            }

            if (line.Of(hold) is { } counter)
            {
                counter.Roll(hold.At);
                counters.Add(counter);
            }
            else
            {
                full ??= line.Budget;
            }
        }

        return [.. counters];
    }

    /// <summary>Counts what was spent before some budgets were there.</summary>
    public void Load(Spent spent, IReadOnlyList<Budget> added, DateTimeOffset now)
    {
        var hold = spent.Key.HoldAt(now) with { Credential = spent.Credential };
        if (!spent.Key.IsFolded)
        {
            foreach (var counter in For(hold, out _, added.Contains))
            {
                counter.Spend(spent.HeldAt, spent.AmountIn(counter.Budget.Limit.Unit));
            }

            return;
        }

        foreach (var line in _lines)
        {
            if (line.Budget.Window.Kind != WindowKind.Call && added.Contains(line.Budget) && line.Budget.Match.MayMatch(hold))
            {
                line.Load(hold, spent);
            }
        }
    }

    /// <summary>The highest used part among the budgets that match, or of the one of this name whether it matches or not; rates apart.</summary>
    public decimal UsedOf(HoldRecord like, string? name)
    {
        var used = 0m;
        var lines = _lines;
        if (name is null)
        {
            Gather(like, lines = []);
        }

        foreach (var line in lines)
        {
            var budget = line.Budget;
            if (
                budget is { IsRate: false, Window.Kind: not WindowKind.Call }
                && (name is null ? budget.Match.Matches(like) : budget.Name == name)
                && line.Of(like) is { } counter
            )
            {
                counter.Roll(like.At);
                used = Math.Max(used, counter.Used);
            }
        }

        return used;
    }

    /// <summary>The counters that are one key's own.</summary>
    public IEnumerable<BudgetCounter> OfKey(string keyPath, DateTimeOffset now)
    {
        foreach (var counter in _ofKey.GetValueOrDefault(keyPath)?.SelectMany(l => l.Counters) ?? [])
        {
            counter.Roll(now);
            yield return counter;
        }
    }

    /// <summary>Budgets on single calls that match.</summary>
    public IEnumerable<Budget> OfCall(HoldRecord hold) => Matching(hold).Where(b => b.Window.Kind == WindowKind.Call);

    /// <summary>Whether money is limited for such a call, so that it needs a price.</summary>
    public bool LimitsMoney(HoldRecord hold) =>
        Matching(hold).Any(b => b is { Mode: not BudgetMode.Soft, Limit.Unit: BudgetUnit.Usd, UnknownPrice: UnknownPrice.Refuse });

    private IEnumerable<Budget> Matching(HoldRecord hold)
    {
        var lines = new List<Line>();
        Gather(hold, lines);
        return lines.Select(l => l.Budget).Where(b => b.Match.Matches(hold));
    }

    /// <summary>Every counter, in the order of the configuration.</summary>
    public IEnumerable<BudgetCounter> Counters(DateTimeOffset now)
    {
        foreach (var counter in _lines.SelectMany(l => l.Counters))
        {
            counter.Roll(now);
            yield return counter;
        }
    }

    private static bool CountsTheSame(Budget left, Budget right) =>
        left.Window.Equals(right.Window)
        && left.Limit.Unit == right.Limit.Unit
        && left.Each == right.Each
        && left.Match.Values.SelectMany(v => v.Value.Prepend(v.Key.ToString()))
            .SequenceEqual(right.Match.Values.SelectMany(v => v.Value.Prepend(v.Key.ToString())), StringComparer.Ordinal);

    private sealed class Line
    {
        private readonly Dictionary<string, BudgetCounter> _parts = new(StringComparer.Ordinal);
        private readonly BudgetCounter? _whole;

        /// <summary>What was spent by nobody knows whom, by its time: each part counts all of it, too much rather than too little.</summary>
        private readonly Dictionary<DateTimeOffset, long> _ofAnyPart = [];

        public Line(Budget budget)
        {
            Budget = budget;
            _whole = budget.Each is null && budget.Window.Kind != WindowKind.Call ? BudgetCounter.Of(budget, "") : null;
        }

        public Budget Budget { get; private set; }

        public IEnumerable<BudgetCounter> Counters => _whole is null ? _parts.Values : [_whole];

        public BudgetCounter? Of(HoldRecord hold)
        {
            if (_whole is not null)
            {
                return _whole;
            }

            var value = BudgetSelector.ValueOf(hold, Budget.Each!.Value);
            if (_parts.TryGetValue(value, out var counter))
            {
                return counter;
            }

            if (_parts.Count >= MostParts && !Forget(hold.At))
            {
                return null;
            }

            counter = BudgetCounter.Of(Budget, value);
            _parts.Add(value, counter);
            if (_ofAnyPart.Count > 0)
            {
                counter.Roll(hold.At);
                foreach (var (heldAt, amount) in _ofAnyPart)
                {
                    counter.Spend(heldAt, amount);
                }
            }

            return counter;
        }

        /// <summary>Counts what is not told apart any more.</summary>
        public void Load(HoldRecord hold, Spent spent)
        {
            var amount = spent.AmountIn(Budget.Limit.Unit);
            if (Budget.Each is { } each && BudgetSelector.ValueOf(hold, each) == RollupKey.Other)
            {
                _ofAnyPart[spent.HeldAt] = checked(_ofAnyPart.GetValueOrDefault(spent.HeldAt) + amount);
                foreach (var counter in _parts.Values)
                {
                    counter.Roll(hold.At);
                    counter.Spend(spent.HeldAt, amount);
                }
            }
            else if (Of(hold) is { } counter)
            {
                counter.Roll(hold.At);
                counter.Spend(spent.HeldAt, amount);
            }
        }

        public void Change(Budget budget)
        {
            Budget = budget;
            foreach (var counter in Counters)
            {
                counter.Budget = budget;
            }
        }

        /// <summary>Makes room by dropping counters that count nothing.</summary>
        private bool Forget(DateTimeOffset now)
        {
            foreach (var (value, counter) in _parts.ToList())
            {
                counter.Roll(now);
                if (counter is { Spent: 0, Held: 0, Waiting: 0 })
                {
                    _parts.Remove(value);
                }
            }

            return _parts.Count < MostParts;
        }
    }
}

/// <summary>The budgets of a moment, with the counters they had then.</summary>
internal sealed record BudgetMemory(IReadOnlyList<object> Lines, IReadOnlyList<Budget> Budgets);
