using System.Net;
using Sluice.Simulator;

namespace Sluice.Tests.Attempts;

/// <summary>How calls are spread over the keys of a pool.</summary>
public sealed class KeyPoolTests
{
    private static readonly string Route = $"\"a\": {{ \"targets\": [{EngineFixture.Target("pool")}], \"retry\": {{ \"attempts\": 0 }} }}";

    [Fact]
    public async Task Calls_OneAfterAnother_TakeTurns()
    {
        await using var engine = new EngineFixture(Route);

        var keys = await KeysAsync(engine, 6);

        keys.ShouldBe(["pool#1", "pool#2", "pool#3", "pool#1", "pool#2", "pool#3"]);
    }

    [Fact]
    public async Task Calls_AtOnce_TakeTheKeyWithTheFewestUnderWay()
    {
        await using var engine = new EngineFixture(Route);
        engine.Provider.Script("m", new Fault { Silence = true }, new Fault { Silence = true });
        using var caller = new CancellationTokenSource();
        Task<Outcome>[] slow = [.. Enumerable.Range(0, 2).Select(_ => engine.CallAsync("a", true, null, caller.Token))];

        var keys = await KeysAsync(engine, 4);

        keys.ShouldAllBe(k => k == "pool#3");
        engine.Engine.Health.LoadOf("pool", "pool#1").InFlight.ShouldBe(1);
        await caller.CancelAsync();
        await Task.WhenAll(slow);
        engine.Engine.Health.LoadOf("pool", "pool#1").InFlight.ShouldBe(0);
    }

    [Theory]
    [InlineData(429, "{\"error\":{\"code\":\"insufficient_quota\"}}")]
    [InlineData(401, "{\"error\":{\"code\":\"invalid_api_key\"}}")]
    public async Task Key_ThatIsRefused_IsAvoidedAndTheOthersGoOn(int status, string body)
    {
        await using var engine = new EngineFixture(Route);
        engine.Intercept = request =>
            request.Headers.Authorization?.Parameter == "secret-B"
                ? new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) }
                : null;

        var first = await KeysAsync(engine, 2);
        var then = await KeysAsync(engine, 6);

        first.ShouldBe(["pool#1", "pool#3"]);
        then.ShouldBe(["pool#1", "pool#3", "pool#1", "pool#3", "pool#1", "pool#3"]);
    }

    [Fact]
    public async Task Key_WhoseBreakerIsOpen_IsPassedOver()
    {
        await using var engine = new EngineFixture(Route, rest: ", \"breaker\": { \"curve\": [1] }");
        engine.Provider.Script("m", new Fault { Status = 503 });
        await engine.CallAsync("a", TimeSpan.Zero);

        var keys = await KeysAsync(engine, 6);

        keys.ShouldNotContain("pool#1");
        keys.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Pool_AllKeysCoolDown_TheSoonestIsTold()
    {
        await using var engine = new EngineFixture(Route);
        engine.Provider.Script("m", [.. new[] { 90, 40, 60 }.Select(wait => new Fault { Status = 429, RetryAfter = wait })]);
        await engine.CallAsync("a", TimeSpan.Zero, deadline: TimeSpan.FromSeconds(20));

        var outcome = await engine.CallAsync("a", TimeSpan.Zero, deadline: TimeSpan.FromSeconds(20));

        outcome.Receipt.Rejections.Single().RetryAfter.ShouldBe(TimeSpan.FromSeconds(40));
    }

    private static async Task<List<string>> KeysAsync(EngineFixture engine, int calls)
    {
        var keys = new List<string>();
        for (var i = 0; i < calls; i++)
        {
            var outcome = await engine.CallAsync("a", TimeSpan.Zero);
            outcome.Receipt.Complete.ShouldBeTrue();
            keys.Add(outcome.Receipt.Attempts[^1].Credential);
        }

        return keys;
    }
}
