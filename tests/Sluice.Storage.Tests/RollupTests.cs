using FsCheck;
using FsCheck.Fluent;
using Sluice.Ledger;
using Sluice.Ledger.Rollups;

namespace Sluice.Storage.Tests;

public sealed class RollupTests
{
    private static readonly Dictionary<Dimension, Func<LedgerEntry, string>> Facts = new()
    {
        [Dimension.Provider] = e => e.Hold.Provider,
        [Dimension.Model] = e => e.Hold.Model,
        [Dimension.Route] = e => e.Hold.RouteAsked,
        [Dimension.ActualRoute] = e => e.Hold.Route,
        [Dimension.Key] = e => e.Hold.Key,
        [Dimension.Role] = e => e.Hold.Role,
        [Dimension.Account] = e => e.Hold.Account,
        [Dimension.Tenant] = e => e.Hold.Tenant,
        [Dimension.Outcome] = e => e.Settlement.Outcome.ToString(),
        [Dimension.Hour] = e => e.Hold.At.ToString("yyyy-MM-ddTHH:00Z", null),
        [Dimension.Day] = e => e.Hold.At.ToString("yyyy-MM-dd", null),
        [Dimension.Month] = e => e.Hold.At.ToString("yyyy-MM", null),
    };

    /// <summary>However entries come in batches and segments, a report by any two facts is what the entries add up to.</summary>
    [Fact]
    public void Report_AnyBatchesAndFacts_IsWhatTheEntriesAddUpTo() =>
        Prop.ForAll(
                Gen.Choose(1, 60).ListOf(4).ToArbitrary(),
                Gen.Choose(20, 90).ToArbitrary(),
                Gen.Elements(Facts.Keys.ToArray()).Two().ToArbitrary(),
                (batches, segmentEntries, by) =>
                {
                    using var ledger = new WrittenLedger(batches.Sum(), segmentEntries);
                    foreach (var batch in batches)
                    {
                        ledger.Write(batch);
                        ledger.Time.Advance(TimeSpan.FromHours(7));
                    }

                    using var view = ledger.Store.Look();
                    var report = LedgerReport.Of(view, [by.Item1, by.Item2], null, null);

                    report
                        .Rows.ToDictionary(r => (r.Values[0], r.Values[1]), r => r.Sums)
                        .ShouldBe(Sums(ledger.Entries(), e => (Facts[by.Item1](e), Facts[by.Item2](e))), ignoreOrder: true);
                    report.Total.ShouldBe(Sums(ledger.Entries(), _ => 0).Single().Value);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Theory]
    [InlineData(0, 72)]
    [InlineData(3, 60)]
    [InlineData(13, 14)]
    [InlineData(0, 24)]
    [InlineData(20, 30)]
    public void Report_SpanOfHours_HasWhatWasHeldInIt(int first, int end)
    {
        using var ledger = Days();
        using var view = ledger.Store.Look();
        var start = new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
        var (from, until) = (start.AddHours(first), start.AddHours(end));

        var report = LedgerReport.Of(view, [Dimension.Model], from, until);

        report
            .Rows.ToDictionary(r => r.Values[0], r => r.Sums)
            .ShouldBe(Sums(ledger.Entries().Where(e => e.Hold.At >= from && e.Hold.At < until), e => e.Hold.Model), ignoreOrder: true);
    }

    [Fact]
    public void Report_ByTag_CountsACallUnderEachAndOnceInTheTotal()
    {
        using var ledger = new WrittenLedger().Write(300);
        using var view = ledger.Store.Look();

        var report = LedgerReport.Of(view, [Dimension.Tag], null, null);

        var entries = ledger.Entries();
        report.Rows.Single(r => r.Values[0] == "batch").Sums[Figure.Attempts].ShouldBe(entries.Count(e => e.Hold.Tags == "night,batch"));
        report.Rows.Single(r => r.Values[0] == "night").Sums[Figure.Attempts].ShouldBe(entries.Count(e => e.Hold.Tags.Length > 0));
        report.Total[Figure.Attempts].ShouldBe(300);
    }

    [Fact]
    public void Report_ByUser_HasThoseWithoutOneToo()
    {
        using var ledger = Days();
        using var view = ledger.Store.Look();

        var report = LedgerReport.Of(view, [Dimension.User, Dimension.Key], null, null);

        report
            .Rows.ToDictionary(r => (r.Values[0], r.Values[1]), r => r.Sums)
            .ShouldBe(Sums(ledger.Entries(), e => (e.Hold.User, e.Hold.Key)), ignoreOrder: true);
        Should.Throw<LedgerException>(() => LedgerReport.Of(view, [Dimension.User, Dimension.Hour], null, null));
    }

    [Fact]
    public void Report_PartOfAnHour_IsRefused()
    {
        using var ledger = new WrittenLedger().Write(10);
        using var view = ledger.Store.Look();

        Should.Throw<LedgerException>(() => LedgerReport.Of(view, [], ledger.Time.GetUtcNow().AddMinutes(-17).AddSeconds(1), null));
    }

    [Fact]
    public void ReadSpent_AnyCutsAndExactness_IsWhatEntriesSay()
    {
        using var ledger = Days();
        var entries = ledger.Entries();
        var random = new Random(3);
        DateTimeOffset Moment() => ledger.Time.GetUtcNow() - TimeSpan.FromSeconds(random.Next(300_000));
        for (var i = 0; i < 30; i++)
        {
            DateTimeOffset[] cuts = [Moment(), Moment()];
            var since = cuts.Min();
            var exact = i % 3 == 0 ? Moment() : DateTimeOffset.MaxValue;
            var query = new SpentQuery(since, [.. cuts])
            {
                ExactSince = exact,
                HoursSince = i % 3 == 1 ? Moment() : DateTimeOffset.MaxValue,
                ByUser = i % 2 == 0,
            };

            var spent = ledger.Store.ReadSpent(query).ToList();

            foreach (var cut in cuts)
            {
                spent.Where(s => s.HeldAt >= cut).Sum(s => s.Sums[Figure.Cost]).ShouldBe(Cost(entries.Where(e => e.Hold.At >= cut)));
            }

            spent
                .GroupBy(s => query.ByUser ? s.Key : s.Key.OfAnyUser)
                .ToDictionary(g => g.Key, g => g.Aggregate(default(RollupSums), (sum, s) => sum + s.Sums))
                .ShouldBe(
                    Sums(entries.Where(e => e.Hold.At >= since), e => query.ByUser ? RollupKey.Of(e) : RollupKey.Of(e).OfAnyUser),
                    ignoreOrder: true
                );
            spent.Where(s => s.HeldAt >= query.HoursSince).ShouldAllBe(s => s.HeldAt.Minute == 59 || s.Sums[Figure.Attempts] == 1);
            spent
                .Select(s => s.HeldAt)
                .Where(at => at >= exact)
                .Order()
                .ShouldBe(entries.Select(e => e.Hold.At).Where(at => at >= exact && at >= since).Order());
        }
    }

    [Fact]
    public void Keys_MoreThanASegmentTellsApart_AreAddedUpAsOthers()
    {
        using var ledger = new WrittenLedger();
        var (rollups, changes) = (new SegmentRollups(1, mostKeys: 3), new Dictionary<RollupSlot, RollupSums>());
        for (var i = 0; i < 100; i++)
        {
            var (hold, settlement) = ledger.Attempt();
            hold = hold with { User = $"user-{i}", Tags = $"trace-{i}", Key = $"key-{i}", Model = i < 50 ? "m" : $"made-up-{i}" };
            rollups.Add(LedgerEntry.Chain(hold, settlement with { Outcome = EntryOutcome.Completed }, i + 1, LedgerEntry.Genesis), changes);
        }

        var keys = rollups.Days.Keys.Select(s => s.Key).Distinct().ToList();
        keys.Count.ShouldBeLessThan(15);
        keys.ShouldContain(k => k.Tags == RollupKey.Other && k.Key != RollupKey.Other);
        changes.Keys.Where(k => k.Grain == RollupGrain.UserDay).Select(k => k.Key.User).ShouldContain(RollupKey.Other);
        keys.ShouldContain(k => k.Key == RollupKey.Other && k.Model == "m");
        keys.ShouldContain(k => k.Model == RollupKey.Other);
        rollups.Total[Figure.Attempts].ShouldBe(100);
        changes.Where(c => c.Key.Grain == RollupGrain.Hour).Sum(c => c.Value[Figure.Attempts]).ShouldBe(100);
    }

    /// <summary>Three days of entries in several segments.</summary>
    private static WrittenLedger Days()
    {
        var ledger = new WrittenLedger(segmentEntries: 120);
        for (var i = 0; i < 12; i++)
        {
            ledger.Write(40);
            ledger.Time.Advance(TimeSpan.FromHours(6));
        }

        return ledger;
    }

    private static long Cost(IEnumerable<LedgerEntry> entries) => entries.Sum(e => e.Settlement.Cost.Nano);

    private static Dictionary<T, RollupSums> Sums<T>(IEnumerable<LedgerEntry> entries, Func<LedgerEntry, T> by)
        where T : notnull =>
        entries.GroupBy(by).ToDictionary(g => g.Key, g => g.Aggregate(default(RollupSums), (sum, e) => sum + RollupSums.Of(e)));
}
