using Sluice.Configuration;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

/// <summary>What options of the ledger change in a data directory.</summary>
public sealed class LedgerOptionTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly DataDirectory _data;

    public LedgerOptionTests() => _data = new DataDirectory(_directory.Path);

    /// <summary>Every record between the call path and the database has a kilobyte of its own, beside the file's head.</summary>
    [Theory]
    [InlineData(1_024)]
    [InlineData(3_000)]
    [ChangesBehaviour("ledger.ringSlots")]
    public async Task RingSlots_AreTheLengthOfTheRing(int slots)
    {
        await using (Open($"\"ringSlots\": {slots}")) { }

        new FileInfo(_data.Ring).Length.ShouldBe(4_096 + (slots * 1_024L));
    }

    [Theory]
    [InlineData("0s", 3)]
    [InlineData("2d", 1)]
    [InlineData("30d", 3)]
    [ChangesBehaviour("ledger.retention")]
    public async Task Retention_IsHowLongEntriesAreKept(string retention, int kept)
    {
        await using var ledger = Open($"\"ringSlots\": 1024, \"retention\": \"{retention}\"");
        for (var day = 0; day < 3; day++)
        {
            Book(ledger);
            _time.Advance(TimeSpan.FromDays(1));
        }

        _time.Advance(TimeSpan.FromDays(1));

        ledger.Store.List(9).Count.ShouldBe(kept);
    }

    [Theory]
    [InlineData("1m", 3)]
    [InlineData("3m", 1)]
    [InlineData("1h", 0)]
    [ChangesBehaviour("ledger.anchorEvery")]
    public async Task AnchorEvery_IsHowOftenTheEndOfTheChainIsWrittenDown(string every, int anchors)
    {
        await using var ledger = Open($"\"ringSlots\": 1024, \"anchorEvery\": \"{every}\"");
        for (var minute = 0; minute < 3; minute++)
        {
            Book(ledger);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _data.Anchors.Read().Anchors.Count.ShouldBe(anchors);
    }

    public void Dispose() => _directory.Dispose();

    private LedgerBook Open(string options) =>
        _data.OpenLedger(
            new ConfigurationCompiler(_ => "key")
                .CompileText(
                    $$"""
                    {
                      "providers": { "openai": {} }, "routes": { "r": { "targets": ["openai/gpt-4o-mini"] } },
                      "ledger": { {{options}} }
                    }
                    """,
                    "/",
                    1
                )
                .Ledger,
            _time
        );

    private void Book(LedgerBook ledger)
    {
        var hold = new HoldRecord
        {
            At = _time.GetUtcNow(),
            Call = "call",
            Attempt = 1,
            RouteAsked = "r",
            Route = "r",
            Provider = "p",
            Model = "m",
            Credential = "p#1",
            Amount = Credits.FromDollars(1),
        };
        ledger.Settle(SettlementRecord.Unsent(ledger.TryHold(hold).Hold!, _time.GetUtcNow()));
    }
}
