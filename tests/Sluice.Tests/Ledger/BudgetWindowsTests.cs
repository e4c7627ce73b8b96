using FsCheck;
using FsCheck.Fluent;
using Sluice.Ledger;

namespace Sluice.Tests.Ledger;

public sealed class BudgetWindowsTests
{
    [Theory]
    [InlineData("Hour", "Europe/Zurich", "2026-06-15T12:34:56Z", "2026-06-15T12:00:00Z", "2026-06-15T13:00:00Z")]
    [InlineData("Day", "Europe/Zurich", "2026-06-15T22:30:00Z", "2026-06-15T22:00:00Z", "2026-06-16T22:00:00Z")]
    [InlineData("Day", "Europe/Zurich", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("Week", "UTC", "2026-06-14T23:59:59Z", "2026-06-08T00:00:00Z", "2026-06-15T00:00:00Z")]
    [InlineData("Month", "America/New_York", "2026-03-01T04:59:59Z", "2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z")]
    [InlineData("Month", "UTC", "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    public void Of_BeginsAndEndsByTheClockOfThePlace(string window, string zone, string now, string start, string end) =>
        BudgetWindows.Of(Enum.Parse<WindowKind>(window), Zone(zone), At(now)).ShouldBe((At(start), At(end)));

    /// <summary>Clocks go back at three: the hour from two to three comes twice, and neither is spent on the other's account.</summary>
    [Fact]
    public void Of_HourThatComesTwice_IsTwoWindows()
    {
        var zone = Zone("Europe/Zurich");

        BudgetWindows.Of(WindowKind.Hour, zone, At("2026-10-25T00:30:00Z")).Start.ShouldBe(At("2026-10-25T00:00:00Z"));
        BudgetWindows.Of(WindowKind.Hour, zone, At("2026-10-25T01:30:00Z")).Start.ShouldBe(At("2026-10-25T01:00:00Z"));
    }

    public static TheoryData<string> Zones =>
        ["UTC", "Europe/Zurich", "America/Havana", "Asia/Kathmandu", "Africa/Cairo", "America/Sao_Paulo"];

    /// <summary>Every moment lies in its window, and the next window begins where that one ends.</summary>
    [Theory]
    [MemberData(nameof(Zones))]
    public void Of_AnyMoment_WindowsFollowEachOtherWithoutGapOrOverlap(string name)
    {
        var zone = Zone(name);
        var windows = Gen.Elements(WindowKind.Hour, WindowKind.Day, WindowKind.Week, WindowKind.Month);
        var minutes = Gen.Choose(0, 20 * 366 * 24 * 60);
        Prop.ForAll(
                windows.SelectMany(w => minutes.Select(m => (Window: w, Now: At("2010-01-01T00:00:00Z").AddMinutes(m)))).ToArbitrary(),
                sample =>
                {
                    var (start, end) = BudgetWindows.Of(sample.Window, zone, sample.Now);
                    start.ShouldBeLessThanOrEqualTo(sample.Now);
                    end!.Value.ShouldBeGreaterThan(sample.Now);
                    BudgetWindows.Of(sample.Window, zone, end.Value).Start.ShouldBe(end.Value);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Of_Total_NeverEnds() => BudgetWindows.Of(WindowKind.Total, TimeZoneInfo.Utc, At("2026-01-01T00:00:00Z")).End.ShouldBeNull();

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
