using Sluice.Calls;

namespace Sluice.Tests.Attempts;

/// <summary>A cut answer and those who go on with it, on virtual time.</summary>
public sealed class ContinuingTests
{
    private const string Nine = "t1 t2 t3 t4 t5 t6 t7 t8 t9";

    [Fact]
    public async Task Stall_SilenceIsTooLong_NextGoesOn()
    {
        await using var engine = new EngineFixture(Route("", "sim-tokens-9+stall-3", "sim-tokens-9"));

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(30));

        outcome.Failure.ShouldBeNull();
        outcome.Text.ShouldBe(Nine);
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(30));
        outcome.Receipt.Attempts.Select(a => a.Outcome).ShouldBe([AttemptOutcome.Cut, AttemptOutcome.Completed]);
        (outcome.Receipt.Complete, outcome.Receipt.Continued).ShouldBe((true, true));
        outcome.Receipt.Cost.ShouldBe(outcome.Receipt.Attempts[0].Cost + outcome.Receipt.Attempts[1].Cost);
        engine.Booked(outcome.Receipt).Select(e => e.Settlement.Cost).ShouldBe(outcome.Receipt.Attempts.Select(a => a.Cost));
    }

    [Fact]
    public async Task WholeCall_ItsTimeIsUp_NobodyElseIsAsked()
    {
        await using var engine = new EngineFixture(
            Route(", \"deadline\": \"10s\", \"deadlines\": { \"attempt\": \"10s\" }", "sim-tokens-9+stall-3", "sim-tokens-9")
        );

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(10));

        outcome.Failure.ShouldBeOfType<ProviderException>().Failure.ShouldBe(FailureClass.Timeout);
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(10));
        outcome.Receipt.Attempts.Single().Outcome.ShouldBe(AttemptOutcome.Cut);
        outcome.Receipt.Complete.ShouldBeFalse();
    }

    [Fact]
    public async Task WholeCall_HasADeadline_WhoGoesOnKeepsIt()
    {
        await using var engine = new EngineFixture(Route(", \"deadline\": \"10s\"", "sim-tokens-9+stall-3", "sim-tokens-9+stall-5"));

        var call = engine.CallAsync("a", stream: true, deadline: null, TestContext.Current.CancellationToken);
        await engine.HeardAsync("t1 t2 t3");
        engine.Time.Advance(TimeSpan.FromSeconds(9.9));
        await engine.HeardAsync("t1 t2 t3 t4 t5");
        engine.Time.Advance(TimeSpan.FromSeconds(0.1));
        var outcome = await call;

        outcome.Failure.ShouldBeOfType<ProviderException>().Failure.ShouldBe(FailureClass.Timeout);
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(10));
        outcome.Receipt.Attempts.Select(a => a.Outcome).ShouldBe([AttemptOutcome.Cut, AttemptOutcome.Cut]);
        (outcome.Receipt.Complete, outcome.Receipt.Continued).ShouldBe((false, true));
    }

    [Fact]
    public async Task NextFailsBeforeItsContent_TheOneAfterItGoesOn()
    {
        await using var engine = new EngineFixture(Route("", "sim-tokens-9+stall-3", "sim-status-503", "sim-tokens-9"));

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(30));

        outcome.Text.ShouldBe(Nine);
        outcome.Receipt.Attempts.Select(a => a.Outcome).ShouldBe([AttemptOutcome.Cut, AttemptOutcome.Failed, AttemptOutcome.Completed]);
    }

    [Fact]
    [ChangesBehaviour("route.onCut")]
    public async Task WithoutTheOption_TheAnswerStaysCut()
    {
        await using var engine = new EngineFixture(Route(", \"onCut\": \"error\"", "sim-tokens-9+stall-3", "sim-tokens-9"));

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(30));

        outcome.Failure.ShouldBeOfType<ProviderException>();
        engine.Provider.Requests.Count.ShouldBe(1);
    }

    private static string Route(string options, params string[] models) =>
        $$"""
            "a": { "targets": [{{string.Join(", ", models.Select((m, i) => EngineFixture.Target(i == 0 ? "first" : "second", m)))}}]{{(
                options.Contains("onCut", StringComparison.Ordinal) ? "" : ", \"onCut\": \"continue\""
            )}}{{options}} }
            """;
}
