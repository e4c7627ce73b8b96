using Sluice.Attempts;
using Sluice.Calls;

namespace Sluice.Tests.Attempts;

/// <summary>Every deadline of a route fires when it should, is a time-out and no cancellation, and the call goes on.</summary>
public sealed class DeadlineTests
{
    [Theory]
    [InlineData("\"attempt\": \"3s\"", "sim-silence", false, 3)]
    [InlineData("\"attempt\": \"3s\"", "sim-silence", true, 3)]
    [InlineData("\"headers\": \"2s\", \"firstContent\": \"60s\"", "sim-silence", true, 2)]
    [InlineData("\"firstContent\": \"4s\"", "sim-slow-20s", true, 4)]
    [InlineData("\"firstContent\": \"4s\", \"headers\": \"1s\"", "sim-slow-20s", true, 4)]
    [ChangesBehaviour("route.deadlines", "deadlines.attempt", "deadlines.headers", "deadlines.firstContent")]
    public async Task Deadline_BeforeContent_IsATimeoutAndTheNextTargetAnswers(string deadlines, string model, bool stream, int seconds)
    {
        await using var engine = new EngineFixture(Chain(model, $"\"deadlines\": {{ {deadlines} }}"));

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(seconds), stream);

        outcome.Failures.ShouldBe([FailureClass.Timeout, null]);
        outcome.Receipt.Attempts[0].Duration.ShouldBe(TimeSpan.FromSeconds(seconds));
        outcome.Receipt.Target.ShouldBe("second/n");
    }

    [Fact]
    [ChangesBehaviour("deadlines.betweenEvents")]
    public async Task BetweenEvents_AfterContent_IsATimeoutAndNoSuccess()
    {
        await using var engine = new EngineFixture(Chain("sim-tokens-9+stall-3", "\"deadlines\": { \"betweenEvents\": \"5s\" }"));

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(5));

        outcome.Failure.ShouldBeOfType<ProviderException>().Failure.ShouldBe(FailureClass.Timeout);
        outcome.Receipt.Attempts.Single().Outcome.ShouldBe(AttemptOutcome.Cut);
        outcome.Receipt.Complete.ShouldBeFalse();
    }

    [Fact]
    public async Task Call_NoTimeLeft_IsExhaustedByTimeoutsAtTheDeadline()
    {
        await using var engine = new EngineFixture(Chain("sim-silence", "\"deadline\": \"8s\"", "sim-silence"));

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(8), stream: false);

        outcome.Failure.ShouldBeOfType<RouteExhaustedException>();
        outcome.Failures.ShouldBe([FailureClass.Timeout, FailureClass.Timeout]);
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(8));
    }

    /// <summary>As the connection pool tells it when its own deadline has fired.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connect_IsATimeoutAndTheNextTargetAnswers(bool stream)
    {
        await using var engine = new EngineFixture(Chain("m", "\"role\": \"r\""));
        engine.Intercept = request =>
            request.RequestUri!.Port == 1 ? throw new TaskCanceledException("connect", new TimeoutException("connect")) : null;

        var outcome = await engine.CallAsync("a", TimeSpan.Zero, stream);

        outcome.Failures.ShouldBe([FailureClass.Timeout, null]);
        outcome.Receipt.Attempts[0].Cost.Nano.ShouldBe(0);
        outcome.Receipt.Target.ShouldBe("second/n");
    }

    private static string Chain(string first, string more, string second = "n") =>
        $"\"a\": {{ \"targets\": [{EngineFixture.Target("first", first)}, {EngineFixture.Target("second", second)}], {more} }}";
}
