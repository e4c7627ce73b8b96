namespace Sluice.Ledger;

/// <summary>What is spent and held of a budget, or of one of its parts, in the window of the moment. Guarded by the ledger's lock.</summary>
/// <param name="budget">The rules.</param>
/// <param name="part">The value that has this counter to itself, where the budget has one for each.</param>
internal abstract class BudgetCounter(Budget budget, string part)
{
    /// <summary>The rules; a reload changes them and keeps the counters.</summary>
    public Budget Budget { get; set; } = budget;

    public string Part => part;

    public long Spent { get; protected set; }

    public long Held { get; protected set; }

    /// <summary>Where the window of the moment began.</summary>
    public DateTimeOffset Start { get; protected set; } = DateTimeOffset.MinValue;

    /// <summary>When the window ends; <see langword="null"/> for one that never does.</summary>
    public DateTimeOffset? End { get; protected set; } = DateTimeOffset.MinValue;

    /// <summary>When the first cost of the window was booked.</summary>
    public DateTimeOffset? FirstSpent { get; private set; }

    /// <summary>What was told in this window: how many of the budget's parts, and of the days that are left.</summary>
    public BudgetTold Told { get; set; }

    public long Left => Math.Max(0, Budget.Limit.Value - Spent - Held);

    /// <summary>Calls that wait for room here; who comes later waits behind them.</summary>
    public int Waiting { get; set; }

    /// <summary>The used part of the limit.</summary>
    public decimal Used => Budget.Limit.Value == 0 ? 1 : (Spent + Held) / (decimal)Budget.Limit.Value;

    public static BudgetCounter Of(Budget budget, string part) =>
        budget.Window.Kind == WindowKind.Rolling ? new RollingCounter(budget, part) : new WindowCounter(budget, part);

    /// <summary>Begins the window that a moment lies in, if it is another.</summary>
    public abstract void Roll(DateTimeOffset now);

    /// <summary>Whether what was held at a moment counts in the window of now.</summary>
    public bool Counts(DateTimeOffset heldAt) => heldAt >= Start || Budget.Window.Kind == WindowKind.Rolling;

    /// <summary>Whether so much can be held; what costs nothing always can.</summary>
    public bool Fits(long amount) => amount == 0 || checked(Spent + Held) <= Budget.Limit.Value - amount;

    /// <summary>When so much will fit, if nothing else comes; a guess of a second where it hangs on calls under way.</summary>
    public virtual TimeSpan RoomIn(long amount, DateTimeOffset now) => TimeSpan.FromSeconds(1);

    public void Hold(long amount) => Held = checked(Held + amount);

    /// <summary>Books what a hold became; a cost belongs to the window of its hold, however late it comes.</summary>
    public void Settle(DateTimeOffset heldAt, long held, long spent)
    {
        if (Release(heldAt, held))
        {
            Spend(heldAt, spent);
        }
    }

    /// <summary>Counts a cost that was booked before this counter was there.</summary>
    public void Spend(DateTimeOffset heldAt, long spent)
    {
        if (spent != 0 && Add(heldAt, spent))
        {
            FirstSpent = FirstSpent < heldAt ? FirstSpent : heldAt;
        }
    }

    protected void Begin()
    {
        (Spent, FirstSpent, Told) = (0, null, default);
    }

    /// <returns>Whether the hold's window is still the one that counts.</returns>
    protected abstract bool Release(DateTimeOffset heldAt, long held);

    /// <returns>Whether the cost counts in the window of the moment.</returns>
    protected abstract bool Add(DateTimeOffset heldAt, long spent);

    /// <summary>A window with a beginning and an end: all of it counts until it ends.</summary>
    private sealed class WindowCounter(Budget budget, string part) : BudgetCounter(budget, part)
    {
        public override void Roll(DateTimeOffset now)
        {
            if (End is null || (now < End && now >= Start))
            {
                return;
            }

            (Start, End) = BudgetWindows.Of(Budget.Window.Kind, Budget.Window.Zone, now);
            Held = 0;
            Begin();
        }

        protected override bool Release(DateTimeOffset heldAt, long held)
        {
            var counts = heldAt >= Start;
            Held -= counts ? held : 0;
            return counts;
        }

        protected override bool Add(DateTimeOffset heldAt, long spent)
        {
            var counts = heldAt >= Start;
            Spent = counts ? checked(Spent + spent) : Spent;
            return counts;
        }
    }

    /// <summary>The last so many hours, in steps: a cost is forgotten when the whole step it lies in is older than the window.</summary>
    private sealed class RollingCounter(Budget budget, string part) : BudgetCounter(budget, part)
    {
        private const int Steps = 60;

        /// <summary>What was spent by the number of the step, counted from the beginning of time.</summary>
        private readonly SortedDictionary<long, long> _steps = [];
        private long _now;

        private long Length => Math.Max(1, Budget.Window.Length.Ticks / Steps);

        public override void Roll(DateTimeOffset now)
        {
            _now = now.UtcTicks / Length;
            (Start, End) = (now - Budget.Window.Length, null);
            while (_steps.Count > 0 && _steps.First() is var (step, spent) && step < _now - Steps)
            {
                Spent -= spent;
                _steps.Remove(step);
            }

            if (_steps.Count == 0)
            {
                Begin();
            }
        }

        public override TimeSpan RoomIn(long amount, DateTimeOffset now)
        {
            var over = Spent + Held + amount - Budget.Limit.Value;
            foreach (var (step, spent) in _steps)
            {
                over -= spent;
                if (over <= 0)
                {
                    return TimeSpan.FromTicks((step + Steps + 1) * Length - now.UtcTicks);
                }
            }

            return base.RoomIn(amount, now);
        }

        protected override bool Release(DateTimeOffset heldAt, long held)
        {
            Held -= held;
            return true;
        }

        protected override bool Add(DateTimeOffset heldAt, long spent)
        {
            var step = heldAt.UtcTicks / Length;
            if (step < _now - Steps)
            {
                return false;
            }

            _steps[step] = _steps.GetValueOrDefault(step) + spent;
            Spent = checked(Spent + spent);
            return true;
        }
    }
}

/// <summary>What of a budget was told in a window.</summary>
/// <param name="Parts">How many of the used parts, from the lowest.</param>
/// <param name="Days">How many of the warnings that it will be used up in so many days.</param>
/// <param name="UsedUp">Whether that nothing is left was.</param>
internal readonly record struct BudgetTold(int Parts, int Days, bool UsedUp);
