using System.Diagnostics;

namespace Sluice.Gateway.Tests;

[Trait("Category", "Long")]
public sealed class SoakTests
{
    /// <summary>64 streams at a time for a minute: no error, nothing left open, memory flat after the warm-up.</summary>
    [Fact]
    public async Task SixtyFourStreams_ForAMinute_LeaveNothingBehind()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("main", "\"oai/gpt-4o-mini\"", null)) + ",\"budgets\": [{ \"name\": \"all\", \"limit\": \"1000 USD\" }]"
        );
        var watch = Stopwatch.StartNew();
        var (calls, failures, warm) = (0, 0, 0L);

        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(async _ =>
                {
                    while (watch.Elapsed < TimeSpan.FromSeconds(60))
                    {
                        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("main", stream: true));
                        var (text, whole) = await StreamTests.ReadAsync(response);
                        if (!whole || !text.Contains("[DONE]", StringComparison.Ordinal))
                        {
                            Interlocked.Increment(ref failures);
                        }

                        if (Interlocked.Increment(ref calls) == 5_000)
                        {
                            warm = GC.GetTotalMemory(forceFullCollection: true);
                        }
                    }
                })
        );

        failures.ShouldBe(0);
        calls.ShouldBeGreaterThan(5_000);
        var ledger = fixture.Gateway.Engine.Ledger;
        ledger.OpenHolds.ShouldBe(0);
        ledger.Writer.Drain();
        ledger.Store.ReadTail().Sequence.ShouldBe(calls);
        // The simulator keeps every request it was sent; its share is taken off, a kilobyte or two each.
        (GC.GetTotalMemory(forceFullCollection: true) - warm).ShouldBeLessThan(16_000_000 + calls * 4_000L);
    }
}
