using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Verification;
using Sluice.Money;
using Sluice.Storage.Sqlite;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

public sealed class SqliteLedgerStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Ledger_ClosedAndReopened_GoesOnWithItsChain()
    {
        var data = new DataDirectory(_directory.Path);
        await using (var first = data.OpenLedger(new LedgerSettings { RingSlots = 1024 }, _time))
        {
            Book(first, 3);
        }

        await using (var second = data.OpenLedger(new LedgerSettings(), _time))
        {
            Book(second, 2);
        }

        using var store = new SqliteLedgerStore(data.Database);
        store.List(10).Select(e => e.Sequence).ShouldBe([5, 4, 3, 2, 1]);
        new LedgerVerifier(store, data.Anchors).Run(TestContext.Current.CancellationToken).Findings.ShouldBeEmpty();
    }

    [Fact]
    public void Entry_EveryField_SurvivesTheDatabase()
    {
        using var store = new SqliteLedgerStore(_directory.File("sluice.db"));
        var chain = new LedgerChain(store.ReadTail());
        chain.Add(
            Wanted("call_ü") with
            {
                Id = 7,
                Key = "key_1",
                Role = "architect",
                Account = "acme/search",
                Tenant = "t1",
                User = "u1",
                Tags = "a,b",
            },
            new SettlementRecord
            {
                HoldId = 7,
                At = _time.GetUtcNow(),
                Outcome = EntryOutcome.Cut,
                Failure = FailureClass.Transient,
                Status = 200,
                Cost = new Credits(12_345),
                Duration = TimeSpan.FromMilliseconds(17),
                TimeToFirstContent = TimeSpan.FromMilliseconds(3),
                Usage = new Usage
                {
                    InputTokens = 1,
                    CacheReadTokens = 2,
                    CacheWriteTokens = 3,
                    CacheWrite1hTokens = 4,
                    OutputTokens = 5,
                    ReasoningTokens = 6,
                    InputAudioTokens = 7,
                    OutputAudioTokens = 8,
                    WebSearchRequests = 9,
                    CacheReadAudioTokens = 12,
                    InputImageTokens = 13,
                    CacheReadImageTokens = 14,
                    OutputImageTokens = 15,
                    ReportedCost = new Credits(10),
                    Evidence = UsageEvidence.Estimated,
                },
            }
        );
        var batch = chain.Batch([], [], 2);
        var entry = batch.Entries.Single();

        store.Append(batch);

        store.OfCall("call_ü").Single().ShouldBe(entry);
        store.ReadTail().ShouldBe(new LedgerTail(1, entry.Hash, 2, []), new TailComparer());
    }

    [Fact]
    public async Task Budget_AfterARestart_KnowsWhatWasSpent()
    {
        var data = new DataDirectory(_directory.Path);
        await using (var first = data.OpenLedger(new LedgerSettings { RingSlots = 1024 }, _time))
        {
            Book(first, 3);
        }

        await using var second = data.OpenLedger(new LedgerSettings(), _time);
        second.Apply([
            new Budget
            {
                Name = "day",
                Limit = BudgetAmount.Of(Credits.FromDollars(1)),
                Window = BudgetWindow.Of(WindowKind.Day),
            },
        ]);

        second.Status().Single().Spent.Number.ShouldBe(0.75m);
    }

    [Fact]
    public async Task OpenHold_LongerThanABatch_IsInTheDatabaseUntilItIsSettled()
    {
        var data = new DataDirectory(_directory.Path);
        await using var ledger = data.OpenLedger(new LedgerSettings { RingSlots = 1024 }, _time);
        var hold = ledger.TryHold(Wanted("long")).Hold!;
        ledger.Writer.Drain();
        ledger.Store.ReadTail().OpenHolds.Single().ShouldBe(hold);

        ledger.Settle(Settled(hold));
        ledger.Writer.Drain();

        ledger.Store.ReadTail().OpenHolds.ShouldBeEmpty();
    }

    [Fact]
    public void File_ThatIsNoDatabase_IsRefusedWithItsPath()
    {
        File.WriteAllText(_directory.File("sluice.db"), new string('x', 4096));

        Should.Throw<LedgerException>(() => new SqliteLedgerStore(_directory.File("sluice.db"))).Message.ShouldContain("sluice.db");
    }

    public void Dispose() => _directory.Dispose();

    private void Book(LedgerBook ledger, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            ledger.Settle(Settled(ledger.TryHold(Wanted($"call_{i}")).Hold!));
        }
    }

    private SettlementRecord Settled(HoldRecord hold) =>
        new()
        {
            HoldId = hold.Id,
            At = _time.GetUtcNow(),
            Outcome = EntryOutcome.Completed,
            Usage = Usage.None,
            Cost = Credits.FromDollars(0.25m),
        };

    private HoldRecord Wanted(string call) =>
        new()
        {
            At = _time.GetUtcNow(),
            Call = call,
            Attempt = 1,
            RouteAsked = "asked",
            Route = "actual",
            Provider = "p",
            Model = "m",
            Credential = "p#1",
            Amount = Credits.FromDollars(0.5m),
        };

    private sealed class TailComparer : IEqualityComparer<LedgerTail>
    {
        public bool Equals(LedgerTail? x, LedgerTail? y) => (x!.Sequence, x.Hash, x.RingSequence) == (y!.Sequence, y.Hash, y.RingSequence);

        public int GetHashCode(LedgerTail obj) => obj.Hash.GetHashCode(StringComparison.Ordinal);
    }
}
