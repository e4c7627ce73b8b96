using Sluice.Ledger;
using Sluice.Money;
using Sluice.Storage.Sqlite;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

public sealed class PriceDoubtTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task CostAboveItsHold_IsKeptAsADoubtUntilSomebodyHasLooked()
    {
        var data = new DataDirectory(_directory.Path);
        await using (var ledger = data.OpenLedger(new LedgerSettings { RingSlots = 1024 }, _time))
        {
            Book(ledger, "m", held: 2, cost: 2);
            Book(ledger, "cheap", held: 2, cost: 3);
            _time.Advance(TimeSpan.FromDays(1));
            Book(ledger, "cheap", held: 2, cost: 2.5m);
        }

        var doubt = SqlitePriceDoubts.Read(data.Database).Single();

        (doubt.Provider, doubt.Model, doubt.Attempts, doubt.Excess).ShouldBe(("p", "cheap", 2, Credits.FromDollars(1.5m)));
        (doubt.Last - doubt.Since).ShouldBe(TimeSpan.FromDays(1));
        SqlitePriceDoubts.Settle(data.Database, "p", "cheap").ShouldBeTrue();
        SqlitePriceDoubts.Settle(data.Database, "p", "cheap").ShouldBeFalse();
        SqlitePriceDoubts.Read(data.Database).ShouldBeEmpty();
    }

    private void Book(LedgerBook ledger, string model, decimal held, decimal cost)
    {
        var wanted = new HoldRecord
        {
            At = _time.GetUtcNow(),
            Call = "call_1",
            Attempt = 1,
            RouteAsked = "r",
            Route = "r",
            Provider = "p",
            Model = model,
            Credential = "p#1",
            Amount = Credits.FromDollars(held),
        };
        ledger.Settle(
            new SettlementRecord
            {
                HoldId = ledger.TryHold(wanted).Hold!.Id,
                At = _time.GetUtcNow(),
                Outcome = EntryOutcome.Completed,
                Usage = Usage.None,
                Cost = Credits.FromDollars(cost),
            }
        );
    }

    public void Dispose() => _directory.Dispose();
}
