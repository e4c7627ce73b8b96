using Sluice.Wires.Failures;

namespace Sluice.Tests.Wires;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2", 2_000)]
    [InlineData("0", 0)]
    [InlineData("1.5", 1_500)]
    [InlineData("1m13.588s", 73_588)]
    [InlineData("6ms", 6)]
    [InlineData("1h2m", 3_720_000)]
    [InlineData("Thu, 15 Jan 2026 12:00:30 GMT", 30_000)]
    [InlineData("2026-01-15T12:01:00Z", 60_000)]
    [InlineData("Thu, 15 Jan 2026 11:00:00 GMT", 0)]
    [InlineData("1768478410", 10_000)]
    [InlineData("1768478410000", 10_000)]
    public void Duration_EveryForm_IsRead(string text, int milliseconds) =>
        RetryAfter.Duration(text, Now).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("5 parsecs")]
    [InlineData("99999999999999h")]
    [InlineData("1e300")]
    public void Duration_AnythingElse_IsNone(string? text) => RetryAfter.Duration(text, Now).ShouldBeNull();

    [Fact]
    public void Read_MillisecondsComeFirst() =>
        Read(null, ("retry-after-ms", "250"), ("retry-after", "9")).ShouldBe(TimeSpan.FromMilliseconds(250));

    [Fact]
    public void Read_BodyComesBeforeBuckets() => Read("7s", ("x-ratelimit-reset-requests", "60s")).ShouldBe(TimeSpan.FromSeconds(7));

    [Fact]
    public void Read_LongestOfTheEmptyBuckets() =>
        Read(
                null,
                ("x-ratelimit-reset-requests", "2s"),
                ("x-ratelimit-remaining-requests", "0"),
                ("x-ratelimit-reset-tokens", "4s"),
                ("x-ratelimit-remaining-tokens", "0"),
                ("x-ratelimit-reset", "60s"),
                ("x-ratelimit-remaining", "17")
            )
            .ShouldBe(TimeSpan.FromSeconds(4));

    [Theory]
    [InlineData("anthropic-ratelimit-output-tokens-reset", "2026-01-15T12:00:20Z", "anthropic-ratelimit-output-tokens-remaining", 20)]
    [InlineData("x-ratelimit-reset-tokens-minute", "41.5", "x-ratelimit-remaining-tokens-minute", 41.5)]
    [InlineData("x-ratelimit-reset-requests-day", "33011.4", "x-ratelimit-remaining-requests-day", 33011.4)]
    [InlineData("ratelimit-reset", "7", "ratelimit-remaining", 7)]
    public void Read_EveryVendorsReset_OfAnEmptyBucket(string reset, string value, string remaining, double seconds)
    {
        Read(null, (reset, value), (remaining, "0")).ShouldBe(TimeSpan.FromSeconds(seconds));
        Read(null, (reset, value), (remaining, "3")).ShouldBeNull();
    }

    private static TimeSpan? Read(string? retryDelay, params (string Name, string Value)[] headers) =>
        RetryAfter.Read(name => headers.FirstOrDefault(h => h.Name == name).Value, retryDelay, Now);
}
