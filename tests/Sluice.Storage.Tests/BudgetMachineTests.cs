using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

/// <summary>Any order of holding, settling, giving up, crashing, reloading and passing time, on a real database.</summary>
public sealed class BudgetMachineTests
{
    private static readonly BudgetAmount Limit = BudgetAmount.Of(Credits.FromDollars(5));

    /// <summary>Sets of budgets that a reload goes between; each of them limits every call in some way.</summary>
    private static readonly ImmutableArray<Budget>[] Sets =
    [
        [Budget("day", WindowKind.Day), Budget("tenant", WindowKind.Month) with { Each = BudgetDimension.Tenant }],
        [Budget("total", WindowKind.Total)],
        [Budget("day", WindowKind.Day), Budget("rolling", WindowKind.Day) with { Window = BudgetWindow.Rolling(TimeSpan.FromHours(6)) }],
    ];

    [Fact]
    public void AnyInterleaving_NeverOverspendsLosesOrDoubles() =>
        Prop.ForAll(
                Gen.Choose(0, 99).ListOf(120).ToArbitrary(),
                steps =>
                {
                    using var run = new Run();
                    foreach (var step in steps)
                    {
                        run.Step(step);
                        run.CheckCounters();
                    }

                    run.End();
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10));

    private static Budget Budget(string name, WindowKind window) =>
        new()
        {
            Name = name,
            Limit = Limit,
            Window = BudgetWindow.Of(window),
        };

    private sealed class Run : IDisposable
    {
        private readonly TempDirectory _directory = new();
        private readonly ManualTimeProvider _time = new();
        private readonly Dictionary<string, decimal> _expected = [];
        private readonly List<HoldRecord> _open = [];
        private CrashingStore _store = null!;
        private LedgerBook _ledger = null!;
        private ImmutableArray<Budget> _budgets = Sets[0];
        private Dictionary<(string, string?), long> _found = [];
        private int _calls;

        public Run() => Open();

        public void Step(int step)
        {
            switch (step)
            {
                case < 45:
                    Hold(step);
                    break;
                case < 75 when _open.Count > 0:
                    Settle(_open[step % _open.Count], (step - 45) / 30m);
                    break;
                case < 80 when _open.Count > 0:
                    GiveUp(_open[step % _open.Count]);
                    break;
                case < 90:
                    _time.Advance(TimeSpan.FromMinutes(step * 7));
                    break;
                case < 96:
                    _budgets = Sets[step % Sets.Length];
                    Apply();
                    break;
                default:
                    Crash();
                    break;
            }
        }

        /// <summary>What hard budgets have spent and hold is never above their limit, or above what they found when they came.</summary>
        public void CheckCounters()
        {
            foreach (var status in _ledger.Status())
            {
                var found = _found.GetValueOrDefault((status.Name, status.Part));
                (status.Spent.Value + status.Held.Value).ShouldBeLessThanOrEqualTo(Math.Max(Limit.Value, found));
            }
        }

        private void Apply()
        {
            _ledger.Apply(_budgets);
            _found = _ledger.Status().ToDictionary(s => (s.Name, s.Part), s => s.Spent.Value + s.Held.Value);
        }

        public void End()
        {
            foreach (var hold in _open.ToList())
            {
                Settle(hold, 1);
            }

            _ledger.Writer.Drain();
            var entries = _store.List(100_000);
            entries.Select(e => e.Hold.Call).ShouldBeUnique();
            entries.ToDictionary(e => e.Hold.Call, e => e.Settlement.Cost.Dollars).ShouldBe(_expected, ignoreOrder: true);
            _ledger.Status().ShouldAllBe(s => s.Held.Value == 0);
            foreach (var status in _ledger.Status())
            {
                var window = status.Budget.Window;
                var begin = window.Kind == WindowKind.Rolling ? DateTimeOffset.MaxValue : BudgetWindows.Begin(window, _time.GetUtcNow());
                var booked = entries.Where(e => e.Hold.At >= begin && (status.Part is null || e.Hold.Tenant == status.Part));
                if (window.Kind != WindowKind.Rolling)
                {
                    booked.Sum(e => e.Settlement.Cost.Nano).ShouldBe(status.Spent.Value);
                }
            }
        }

        private void Open()
        {
            var data = new DataDirectory(_directory.Path);
            _store = new CrashingStore(new Sqlite.SqliteLedgerStore(data.Database));
            _ledger = LedgerBook.Open(_store, data.Ring, new LedgerSettings { RingSlots = 1024 }, _time);
            Apply();
        }

        private void Hold(int step)
        {
            var hold = _ledger
                .TryHold(
                    new HoldRecord
                    {
                        At = _time.GetUtcNow(),
                        Call = $"call_{_calls++}",
                        Attempt = 1,
                        Tenant = step % 3 == 0 ? "a" : "b",
                        RouteAsked = "r",
                        Route = "r",
                        Provider = "p",
                        Model = "m",
                        Credential = "p",
                        Amount = Credits.FromDollars(step * 0.05m),
                    }
                )
                .Hold;
            if (hold is not null)
            {
                _open.Add(hold);
            }
        }

        private void Settle(HoldRecord hold, decimal part)
        {
            var cost = Credits.FromDollars(hold.Amount.Dollars * part);
            _expected[hold.Call] = cost.Dollars;
            _open.Remove(hold);
            _ledger.Settle(
                new SettlementRecord
                {
                    HoldId = hold.Id,
                    At = _time.GetUtcNow(),
                    Outcome = EntryOutcome.Completed,
                    Status = 200,
                    Usage = Usage.None,
                    Cost = cost,
                }
            );
        }

        private void GiveUp(HoldRecord hold)
        {
            _expected[hold.Call] = 0;
            _open.Remove(hold);
            _ledger.Settle(SettlementRecord.Unsent(hold, _time.GetUtcNow()));
        }

        /// <summary>The process ends: nothing more reaches the database, and what was open is booked whole at the next start.</summary>
        private void Crash()
        {
            foreach (var hold in _open)
            {
                _expected[hold.Call] = hold.Amount.Dollars;
            }

            _store.Crashed = true;
            _ledger.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Open();
            _ledger.Recovered.Select(h => h.Call).ShouldBe(_open.Select(h => h.Call), ignoreOrder: true);
            _open.Clear();
        }

        public void Dispose()
        {
            _ledger.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _directory.Dispose();
        }
    }

    /// <summary>The real store, until the process ends.</summary>
    private sealed class CrashingStore(ILedgerStore store) : ILedgerStore
    {
        public bool Crashed { get; set; }

        public bool Durable => store.Durable;

        public LedgerTail ReadTail() => store.ReadTail();

        public void Append(LedgerBatch batch)
        {
            if (Crashed)
            {
                throw new LedgerException("the process has ended");
            }

            store.Append(batch);
        }

        public PruneStep Prune(DateTimeOffset before, int most, DateTimeOffset now) => store.Prune(before, most, now);

        public IEnumerable<Spent> ReadSpent(SpentQuery query) => store.ReadSpent(query);

        public IReadOnlyList<LedgerEntry> List(int limit) => store.List(limit);

        public IReadOnlyList<LedgerEntry> OfCall(string call) => store.OfCall(call);

        public void Dispose() => store.Dispose();
    }
}
