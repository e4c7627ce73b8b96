using Sluice.Ledger;

namespace Sluice.Gateway.Tests;

/// <summary>A slow target and its hedge over real sockets: whoever answers first, the other is told and booked.</summary>
public sealed class HedgeTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("sim-slow-600s", "sim", 1, true)]
    [InlineData("sim-slow-600s", "sim", 1, false)]
    [InlineData("sim-slow-500ms", "sim-slow-600s", 0, true)]
    [InlineData("sim-slow-500ms", "sim-slow-600s", 0, false)]
    [ChangesBehaviour("route.hedge")]
    public async Task Slow_FirstToAnswerWins_TheOtherIsCancelledAndBooked(string first, string second, int winner, bool stream)
    {
        await using var fixture = await GatewayFixture.StartAsync(Hedged(first, second));

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("r", stream));
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.IsSuccessStatusCode.ShouldBeTrue(body);
        response.Headers.GetValues("x-sluice-target").Single().ShouldBe(winner == 0 ? $"oai/{first}" : $"backup/{second}");
        fixture.Simulator.Requests.Count.ShouldBe(2);
        var slow = winner == 0 ? second : first;
        await fixture.Simulator.Requests.Single(r => r.Model == slow).ClientGone.WaitAsync(Longest, TestContext.Current.CancellationToken);
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
        var attempts = receipt.GetProperty("attempts").EnumerateArray().ToList();
        attempts.ShouldAllBe(a => a.GetProperty("hedged").GetBoolean());
        attempts[winner].GetProperty("outcome").GetString().ShouldBe("Completed");
        attempts[1 - winner].GetProperty("outcome").GetString().ShouldBe("Aborted");
        var ledger = fixture.Gateway.Engine.Ledger;
        ledger.Writer.Drain();
        ledger.OpenHolds.ShouldBe(0);
        var entries = ledger.Store.OfCall(receipt.GetProperty("call").GetString()!);
        entries.Count(e => e.Settlement.Outcome == EntryOutcome.Aborted).ShouldBe(1);
        entries.Sum(e => e.Settlement.Cost.Dollars).ShouldBe(receipt.GetProperty("cost").GetDecimal());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_LeavesWhileBothAreUnderWay_BothAreTold(bool stream)
    {
        await using var fixture = await GatewayFixture.StartAsync(Hedged("sim-silence", "sim-silence"));
        using var leaving = new CancellationTokenSource();
        var call = fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("r", stream), leaving.Token);
        var first = await fixture.Simulator.NextRequestAsync(TestContext.Current.CancellationToken);
        var second = await fixture.Simulator.NextRequestAsync(TestContext.Current.CancellationToken);

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        await first.ClientGone.WaitAsync(Longest, TestContext.Current.CancellationToken);
        await second.ClientGone.WaitAsync(Longest, TestContext.Current.CancellationToken);
        var ledger = fixture.Gateway.Engine.Ledger;
        while (ledger.Store.List(9).Count < 2)
        {
            await Task.Yield();
            ledger.Writer.Drain();
        }

        ledger.OpenHolds.ShouldBe(0);
        ledger.Store.List(9).ShouldAllBe(e => e.Settlement.Outcome == EntryOutcome.Aborted);
    }

    [Fact]
    public async Task Pin_OfATargetWithARouteThatHedges_IsAskedAlone()
    {
        await using var fixture = await GatewayFixture.StartAsync(Hedged("sim", "sim"));

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("free/sim-slow-500ms", stream: true));
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.IsSuccessStatusCode.ShouldBeTrue();
        fixture.Simulator.Requests.Count.ShouldBe(1);
    }

    private static string Hedged(string first, string second) =>
        $$"""
            "routes": { "r": { "targets": [{{GatewayFixture.Sim("oai", first)}}, {{GatewayFixture.Sim(
                "backup",
                second
            )}}], "hedge": "20ms" } }
            """;
}
