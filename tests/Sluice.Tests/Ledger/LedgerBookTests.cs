using FsCheck;
using FsCheck.Fluent;
using Sluice.Configuration;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Testing;

namespace Sluice.Tests.Ledger;

public sealed class LedgerBookTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task TryHold_ThousandAtOnceOnABudgetForTwenty_AdmitsTwenty()
    {
        await using var ledger = Open(Credits.FromDollars(20));

        var holds = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(() => ledger.TryHold(Wanted(1m, i)).Hold)));

        holds.Count(h => h is not null).ShouldBe(20);
        ledger.Status().Single().Held.ShouldBe(Usd(20));
    }

    [Fact]
    public async Task Settle_SecondTime_Throws()
    {
        await using var ledger = Open(Credits.FromDollars(20));
        var hold = ledger.TryHold(Wanted(1m)).Hold!;
        ledger.Settle(Settlement(hold, 0.5m));

        Should.Throw<InvalidOperationException>(() => ledger.Settle(Settlement(hold, 0.5m)));
    }

    [Fact]
    public async Task Settle_AfterTheWindowRolled_BelongsToTheWindowOfTheHold()
    {
        await using var ledger = Open(Credits.FromDollars(20));
        var hold = ledger.TryHold(Wanted(15m)).Hold!;
        _time.Advance(TimeSpan.FromDays(40));

        ledger.TryHold(Wanted(15m)).Hold.ShouldNotBeNull();
        ledger.Settle(Settlement(hold, 15m));

        ledger.Status().Single().Spent.ShouldBe(Usd(0));
    }

    [Fact]
    public async Task Apply_SameBudgetWithAnotherLimit_KeepsItsCounters()
    {
        await using var ledger = Open(Credits.FromDollars(20));
        ledger.Settle(Settlement(ledger.TryHold(Wanted(10m)).Hold!, 8m));

        ledger.Apply([Budget(Credits.FromDollars(9))]);

        ledger.Status().Single().Spent.ShouldBe(Usd(8));
        ledger.TryHold(Wanted(2m)).Refusal!.Left.ShouldBe(Usd(1));
    }

    [Fact]
    public async Task Apply_NewBudget_CountsWhatIsSpentAndHeldInItsWindow()
    {
        await using var ledger = Open(Credits.FromDollars(20));
        ledger.Settle(Settlement(ledger.TryHold(Wanted(10m)).Hold!, 3m));
        ledger.TryHold(Wanted(4m)).Hold.ShouldNotBeNull();

        ledger.Apply([Budget(Credits.FromDollars(20)) with { Name = "day", Window = BudgetWindow.Of(WindowKind.Day) }]);

        var status = ledger.Status().Single();
        (status.Spent, status.Held).ShouldBe((Usd(3), Usd(4)));
    }

    /// <summary>Any order of holding, settling, rolling windows and reloading adds up and never overspends.</summary>
    [Fact]
    public void AnyInterleaving_NeverOverspendsAndAddsUp() =>
        Prop.ForAll(
                Gen.Choose(0, 9).ListOf(200).ToArbitrary(),
                steps =>
                {
                    var ledger = Open(Credits.FromDollars(5));
                    var open = new Queue<HoldRecord>();
                    var limit = Credits.FromDollars(5);
                    for (var i = 0; i < steps.Count; i++)
                    {
                        switch (steps[i])
                        {
                            case < 5 when ledger.TryHold(Wanted(steps[i] * 0.37m, i)).Hold is { } hold:
                                open.Enqueue(hold);
                                break;
                            case >= 5 and < 8 when open.TryDequeue(out var done):
                                ledger.Settle(Settlement(done, done.Amount.Dollars * (steps[i] - 5) / 2));
                                break;
                            case 8:
                                _time.Advance(TimeSpan.FromDays(9));
                                break;
                            case 9:
                                ledger.Apply([Budget(limit)]);
                                break;
                        }

                        var status = ledger.Status().Single();
                        (status.Spent.Value + status.Held.Value).ShouldBeLessThanOrEqualTo(limit.Nano);
                    }

                    while (open.TryDequeue(out var left))
                    {
                        ledger.Settle(Settlement(left, 0));
                    }

                    ledger.Status().Single().Held.ShouldBe(Usd(0));
                    ledger.OpenHolds.ShouldBe(0);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public async Task Ring_ReopenedWithoutClosing_BooksEveryRecordOnce()
    {
        using var directory = new TempDirectory();
        var store = new KeepingStore();
        var crashed = LedgerBook.Open(new LostStore(), directory.File("ring"), new LedgerSettings { RingSlots = 1024 }, _time);
        var settled = crashed.TryHold(Wanted(1m, 1)).Hold!;
        crashed.Settle(Settlement(settled, 0.25m));
        crashed.TryHold(Wanted(2m, 2)).Hold.ShouldNotBeNull();
        await crashed.DisposeAsync();

        await using var ledger = LedgerBook.Open(store, directory.File("ring"), new LedgerSettings(), _time);

        ledger.Recovered.Count.ShouldBe(1);
        store
            .Entries.Select(e => (e.Settlement.Outcome, e.Settlement.Cost))
            .ShouldBe([(EntryOutcome.Completed, Credits.FromDollars(0.25m)), (EntryOutcome.Recovered, Credits.FromDollars(2))]);
    }

    [Fact]
    public async Task Ring_Full_StopsAdmissionAndTakesEverySettlement()
    {
        using var directory = new TempDirectory();
        await using var ledger = LedgerBook.Open(new LostStore(), directory.File("ring"), new LedgerSettings { RingSlots = 1024 }, _time);
        var holds = new List<HoldRecord>();

        Should.Throw<LedgerException>(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                holds.Add(ledger.TryHold(Wanted(0.001m, i)).Hold!);
            }
        });

        holds.Count.ShouldBe(512);
        holds.ForEach(h => ledger.Settle(Settlement(h, 0)));
    }

    [Fact]
    public async Task Ring_StoreIsAway_IsOnDiskWithinTheInterval()
    {
        using var directory = new TempDirectory();
        await using var ledger = LedgerBook.Open(new LostStore(), directory.File("ring"), new LedgerSettings { RingSlots = 1024 }, _time);
        ledger.TryHold(Wanted(1m)).Hold.ShouldNotBeNull();

        _time.Advance(ledger.Settings.Sync);

        ledger.Writer.RingSyncs.ShouldBe(1);
    }

    [Theory]
    [InlineData("0s", 0, 1)]
    [InlineData("4s", 3, 0)]
    [InlineData("4s", 4, 1)]
    [ChangesBehaviour("ledger.sync")]
    public async Task Ring_StoreIsAway_IsOnDiskWithinTheIntervalOfTheConfiguration(string sync, int seconds, int syncs)
    {
        using var directory = new TempDirectory();
        var settings = new ConfigurationCompiler(_ => "key")
            .CompileText(
                $$"""
                {
                  "providers": { "openai": {} }, "routes": { "r": { "targets": ["openai/gpt-4o-mini"] } },
                  "ledger": { "sync": "{{sync}}", "ringSlots": 1024 }
                }
                """,
                "/",
                1
            )
            .Ledger;
        await using var ledger = LedgerBook.Open(new LostStore(), directory.File("ring"), settings, _time);
        ledger.TryHold(Wanted(1m)).Hold.ShouldNotBeNull();

        _time.Advance(TimeSpan.FromSeconds(seconds));

        ledger.Writer.RingSyncs.ShouldBe(syncs);
    }

    [Fact]
    public async Task Ring_StoreKeepsUp_IsLeftToIt()
    {
        using var directory = new TempDirectory();
        await using var ledger = LedgerBook.Open(
            new KeepingStore(),
            directory.File("ring"),
            new LedgerSettings { RingSlots = 1024 },
            _time
        );
        ledger.TryHold(Wanted(1m)).Hold.ShouldNotBeNull();
        ledger.Writer.Drain();

        _time.Advance(2 * ledger.Settings.Sync);

        ledger.Writer.RingSyncs.ShouldBe(0);
    }

    [Fact]
    public void Ring_OpenedTwice_NamesTheDirectoryAndTheCure()
    {
        using var directory = new TempDirectory();
        using var first = Sluice.Ledger.Ring.MappedRing.Open(directory.File("ring"), 1024);

        Should
            .Throw<LedgerException>(() => Sluice.Ledger.Ring.MappedRing.Open(directory.File("ring"), 1024))
            .Message.ShouldContain("--data");
    }

    [Fact]
    public void Hash_AnyFieldChanged_Differs()
    {
        var entry = LedgerEntry.Chain(Wanted(1m), Settlement(Wanted(1m), 0.5m), 1, LedgerEntry.Genesis);

        entry.HashAfter(LedgerEntry.Genesis).ShouldBe(entry.Hash);
        (entry with { Hold = entry.Hold with { Model = "other" } }).HashAfter(LedgerEntry.Genesis).ShouldNotBe(entry.Hash);
        (entry with { Settlement = entry.Settlement with { Cost = new Credits(1) } })
            .HashAfter(LedgerEntry.Genesis)
            .ShouldNotBe(entry.Hash);
    }

    [Fact]
    public void Hash_NamesOfAnyLength_AreCovered()
    {
        var long1 = Wanted(1m) with { Model = new string('m', 5000) };
        var long2 = Wanted(1m) with { Model = new string('m', 4999) + "n" };

        var (first, second) = (
            LedgerEntry.Chain(long1, Settlement(long1, 0.5m), 1, LedgerEntry.Genesis),
            LedgerEntry.Chain(long2, Settlement(long2, 0.5m), 1, LedgerEntry.Genesis)
        );

        first.Hash.ShouldNotBe(second.Hash);
        first.HashAfter(LedgerEntry.Genesis).ShouldBe(first.Hash);
    }

    private LedgerBook Open(Credits limit)
    {
        var ledger = LedgerBook.Open(new MemoryLedgerStore(), null, new LedgerSettings(), _time);
        ledger.Apply([Budget(limit)]);
        return ledger;
    }

    private static Budget Budget(Credits limit) =>
        new()
        {
            Name = "month",
            Limit = BudgetAmount.Of(limit),
            Window = BudgetWindow.Of(WindowKind.Month),
        };

    private static BudgetAmount Usd(decimal dollars) => BudgetAmount.Of(Credits.FromDollars(dollars));

    private HoldRecord Wanted(decimal dollars, int call = 0) =>
        new()
        {
            At = _time.GetUtcNow(),
            Call = $"call_{call}",
            Attempt = 1,
            RouteAsked = "r",
            Route = "r",
            Provider = "p",
            Model = "m",
            Credential = "p",
            Amount = Credits.FromDollars(dollars),
        };

    private SettlementRecord Settlement(HoldRecord hold, decimal dollars) =>
        new()
        {
            HoldId = hold.Id,
            At = _time.GetUtcNow(),
            Outcome = EntryOutcome.Completed,
            Usage = Usage.None,
            Cost = Credits.FromDollars(dollars),
        };

    /// <summary>A database that is away.</summary>
    private sealed class LostStore : ILedgerStore
    {
        public bool Durable => true;

        public LedgerTail ReadTail() => new(0, LedgerEntry.Genesis, 0, []);

        public void Append(LedgerBatch batch) => throw new IOException("the database is away");

        public PruneStep Prune(DateTimeOffset before, int most, DateTimeOffset now) => default;

        public IEnumerable<Spent> ReadSpent(SpentQuery query) => [];

        public IReadOnlyList<LedgerEntry> List(int limit) => [];

        public IReadOnlyList<LedgerEntry> OfCall(string call) => [];

        public void Dispose() { }
    }

    private sealed class KeepingStore : ILedgerStore
    {
        public List<LedgerEntry> Entries { get; } = [];

        public bool Durable => true;

        public LedgerTail ReadTail() => new(0, LedgerEntry.Genesis, 0, []);

        public void Append(LedgerBatch batch) => Entries.AddRange(batch.Entries);

        public PruneStep Prune(DateTimeOffset before, int most, DateTimeOffset now) => default;

        public IEnumerable<Spent> ReadSpent(SpentQuery query) => Entries.Where(e => e.Hold.At >= query.Since).Select(Spent.Of);

        public IReadOnlyList<LedgerEntry> List(int limit) => Entries;

        public IReadOnlyList<LedgerEntry> OfCall(string call) => [];

        public void Dispose() { }
    }
}
