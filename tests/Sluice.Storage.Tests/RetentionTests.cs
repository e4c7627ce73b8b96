using Sluice.Ledger;
using Sluice.Ledger.Rollups;
using Sluice.Ledger.Verification;
using Sluice.Money;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

public sealed class RetentionTests
{
    [Fact]
    public void Prune_StepByStep_VerifiesAfterEach()
    {
        using var ledger = Days(5);
        var before = ledger.Time.GetUtcNow() - TimeSpan.FromDays(2);
        var steps = 0;
        PruneStep step;
        do
        {
            step = ledger.Store.Prune(before, 37, ledger.Time.GetUtcNow());
            ledger.Verify().Findings.ShouldBeEmpty();
            steps++;
        } while (step.More);

        steps.ShouldBeGreaterThan(5);
        using var view = ledger.Store.Look();
        var segments = view.Segments();
        segments.Count(s => s.RemovedAt is not null).ShouldBe(4);
        step.FirstKept.ShouldBe(401);
        view.Entries(1, long.MaxValue).First().Sequence.ShouldBe(401);
        view.Rollups(1, RollupGrain.Hour).ShouldBeEmpty();
        view.Rollups(1, RollupGrain.Day).ShouldNotBeEmpty();
    }

    [Fact]
    public void Report_AfterRetention_IsTheSameByDay()
    {
        using var ledger = Days(5);
        LedgerReport Report()
        {
            using var view = ledger.Store.Look();
            return LedgerReport.Of(view, [Dimension.Day, Dimension.Key], null, null);
        }

        var whole = Report();
        RemoveAll(ledger, TimeSpan.FromDays(2));

        Report().Rows.Select(r => (r.Values[0], r.Values[1], r.Sums)).ShouldBe(whole.Rows.Select(r => (r.Values[0], r.Values[1], r.Sums)));
    }

    [Fact]
    public void Retention_EndUsers_AreForgottenWithTheirEntriesAndTheirCostIsNot()
    {
        using var ledger = Days(5);
        RemoveAll(ledger, TimeSpan.FromHours(1));
        using var view = ledger.Store.Look();

        view.Rollups(1, RollupGrain.UserDay).ShouldBeEmpty();
        var report = LedgerReport.Of(view, [Dimension.User], null, null);
        report.Rows.Single(r => r.Values[0] == RollupKey.AnyUser).Sums[Figure.Attempts].ShouldBeGreaterThan(0);
        report.Total[Figure.Attempts].ShouldBe(500);
    }

    [Fact]
    public void Report_HoursThatAreGone_IsRefusedWithTheCure()
    {
        using var ledger = Days(5);
        RemoveAll(ledger, TimeSpan.FromDays(2));
        using var view = ledger.Store.Look();

        Should
            .Throw<LedgerException>(() => LedgerReport.Of(view, [], new DateTimeOffset(2026, 1, 15, 13, 0, 0, TimeSpan.Zero), null))
            .Message.ShouldContain("give whole days");
    }

    [Fact]
    public void ReadSpent_AfterRetention_NeverForgetsMoney()
    {
        using var ledger = Days(5);
        var entries = ledger.Entries();
        RemoveAll(ledger, TimeSpan.FromDays(2));

        long Since(DateTimeOffset moment) =>
            ledger.Store.ReadSpent(new SpentQuery(moment, [moment])).Where(s => s.HeldAt >= moment).Sum(s => s.Sums[Figure.Cost]);
        Since(DateTimeOffset.MinValue).ShouldBe(entries.Sum(e => e.Settlement.Cost.Nano));
        foreach (var hours in (int[])[10, 50, 90, 110])
        {
            var moment = ledger.Time.GetUtcNow().AddHours(-hours);
            Since(moment).ShouldBeGreaterThanOrEqualTo(entries.Where(e => e.Hold.At >= moment).Sum(e => e.Settlement.Cost.Nano));
            Since(moment).ShouldBeLessThanOrEqualTo(entries.Where(e => e.Hold.At >= moment.AddDays(-1)).Sum(e => e.Settlement.Cost.Nano));
        }
    }

    [Theory]
    [InlineData("UPDATE days SET cost = cost + 1 WHERE segment = 1")]
    [InlineData(
        "UPDATE days SET group_id = group_id + 1 WHERE segment = 1 AND group_id = (SELECT max(group_id) FROM days WHERE segment = 1)"
    )]
    [InlineData("UPDATE segments SET attempts = attempts - 1 WHERE number = 2")]
    [InlineData("DELETE FROM segments WHERE number = 1")]
    [InlineData("UPDATE segments SET removed_at = 1 WHERE number = 5")]
    public void Verify_WhatStandsForRemovedEntriesTampered_IsFound(string sql)
    {
        using var ledger = Days(6);
        RemoveAll(ledger, TimeSpan.FromDays(3));
        ledger.Tamper(sql);

        ledger.Verify().IsWhole.ShouldBeFalse();
    }

    [Fact]
    public void Prune_OpenSegment_Stays()
    {
        using var ledger = new WrittenLedger().Write(50);
        ledger.Time.Advance(TimeSpan.FromDays(500));

        ledger.Store.Prune(ledger.Time.GetUtcNow(), 1000, ledger.Time.GetUtcNow()).ShouldBe(new PruneStep(false, 1));
    }

    /// <summary>A gateway that nobody calls closes its day, removes what is too old and anchors the rest, by itself.</summary>
    [Fact]
    public async Task Upkeep_IdleLedger_ClosesRemovesAndAnchors()
    {
        using var directory = new TempDirectory();
        var time = new ManualTimeProvider();
        var data = new DataDirectory(directory.Path);
        var settings = new LedgerSettings { RingSlots = 1024, Retention = TimeSpan.FromDays(3) };
        await using var ledger = data.OpenLedger(settings, time);
        for (var day = 0; day < 3; day++)
        {
            Book(ledger, time, 4);
            time.Advance(TimeSpan.FromDays(1));
        }

        data.Anchors.Read().Anchors.Select(a => a.Sequence).ShouldBe([4, 8, 12]);
        time.Advance(TimeSpan.FromDays(2));

        ledger.Store.List(100).Select(e => e.Sequence).ShouldBe([12, 11, 10, 9]);
        data.Anchors.Read().Anchors.Select(a => a.Sequence).ShouldBe([12]);
        Book(ledger, time, 1);
        time.Advance(settings.AnchorEvery);
        var verification = new LedgerVerifier(new Sqlite.SqliteLedgerReader(data.Database), data.Anchors).Run(
            TestContext.Current.CancellationToken
        );
        verification.Findings.ShouldBeEmpty();
        (verification.RemovedSegments, verification.Anchors).ShouldBe((3, 1));
    }

    [Fact]
    public async Task Upkeep_ClosedLedger_HasALastAnchor()
    {
        using var directory = new TempDirectory();
        var time = new ManualTimeProvider();
        var data = new DataDirectory(directory.Path);
        await using (var ledger = data.OpenLedger(new LedgerSettings { RingSlots = 1024 }, time))
        {
            Book(ledger, time, 3);
        }

        data.Anchors.Read().Anchors.Single().Sequence.ShouldBe(3);
    }

    private static void RemoveAll(WrittenLedger ledger, TimeSpan retention)
    {
        while (ledger.Store.Prune(ledger.Time.GetUtcNow() - retention, 1000, ledger.Time.GetUtcNow()).More) { }
    }

    /// <summary>A hundred entries a day.</summary>
    private static WrittenLedger Days(int days)
    {
        var ledger = new WrittenLedger();
        for (var day = 0; day < days; day++)
        {
            ledger.Write(100);
            ledger.Time.Advance(TimeSpan.FromDays(1));
        }

        return ledger;
    }

    private static void Book(LedgerBook ledger, ManualTimeProvider time, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            var hold = ledger
                .TryHold(
                    new HoldRecord
                    {
                        At = time.GetUtcNow(),
                        Call = $"call_{i}",
                        Attempt = 1,
                        RouteAsked = "asked",
                        Route = "actual",
                        Provider = "p",
                        Model = "m",
                        Credential = "p#1",
                        Amount = Credits.FromDollars(0.5m),
                    }
                )
                .Hold!;
            ledger.Settle(
                new SettlementRecord
                {
                    HoldId = hold.Id,
                    At = time.GetUtcNow(),
                    Outcome = EntryOutcome.Completed,
                    Usage = Usage.None,
                    Cost = Credits.FromDollars(0.25m),
                }
            );
        }
    }
}
