using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Simulator;

namespace Sluice.Tests.Attempts;

/// <summary>What limits and budgets of the configuration let pass, and for how long they do not.</summary>
public sealed class LimitOptionTests
{
    private const int Day = 86_400;

    /// <summary>A call of this route may use a window of 1,000 tokens and 100 of output.</summary>
    private static readonly string Chain = $$"""
        "a": { "maxOutput": 100, "targets": [
          { "provider": "first", "model": "m", "unlisted": true, "price": { "input": "1", "output": "2" }, "contextWindow": 1000 },
          {{EngineFixture.Target("second", "n")}}
        ] }
        """;

    private static readonly string Alone =
        $$""" "a": { "maxOutput": 100, "targets": [{{EngineFixture.Target("first")}}], "deadline": "5s" } """;

    [Theory]
    [InlineData("requestsPerMinute", 1, 60)]
    [InlineData("requestsPerDay", 1, Day)]
    [InlineData("tokensPerMinute", 1_100, 60)]
    [InlineData("tokensPerDay", 1_100, Day)]
    [ChangesBehaviour(
        "provider.limits",
        "limits.requestsPerMinute",
        "limits.requestsPerDay",
        "limits.tokensPerMinute",
        "limits.tokensPerDay"
    )]
    public async Task Provider_OverItsLimit_IsPassedOverUntilItHasRoom(string limit, int most, int seconds)
    {
        await using var engine = new EngineFixture(Chain, first: $$""", "limits": { "{{limit}}": {{most}} }""");

        (await TargetAsync(engine)).ShouldBe("first/m");
        (await TargetAsync(engine)).ShouldBe("second/n");
        engine.Time.Advance(TimeSpan.FromSeconds(seconds * 0.9));
        (await TargetAsync(engine)).ShouldBe("second/n");
        engine.Time.Advance(TimeSpan.FromSeconds(seconds * 0.2));
        (await TargetAsync(engine)).ShouldBe("first/m");
    }

    [Fact]
    [ChangesBehaviour("limits.concurrent")]
    public async Task Provider_WithOneCallUnderWay_IsPassedOverUntilItEnds()
    {
        await using var engine = new EngineFixture(Chain, first: """, "limits": { "concurrent": 1 }""");
        engine.Provider.Script("m", new Fault { Silence = true });
        using var caller = new CancellationTokenSource();
        var slow = engine.CallAsync("a", stream: true, null, caller.Token);
        await engine.Provider.NextRequestAsync(TestContext.Current.CancellationToken);

        var passing = await engine.CallAsync("a", TimeSpan.Zero);
        (passing.Receipt.Target, passing.Took).ShouldBe(("second/n", TimeSpan.Zero));
        await caller.CancelAsync();
        await slow;
        (await TargetAsync(engine)).ShouldBe("first/m");
    }

    [Fact]
    [ChangesBehaviour("provider.keyLimits", "provider.apiKeys")]
    public async Task Key_OverItsLimit_LeavesTheOthersTheirs()
    {
        await using var engine = new EngineFixture(
            $$""" "a": { "targets": [{{EngineFixture.Target("pool")}}, {{EngineFixture.Target("second", "n")}}] } """,
            pool: """, "keyLimits": { "requestsPerDay": 2 }"""
        );
        var keys = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            keys.Add((await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Attempts.Single().Credential);
        }

        keys.Take(6).Order().ShouldBe(["pool#1", "pool#1", "pool#2", "pool#2", "pool#3", "pool#3"]);
        keys[6].ShouldStartWith("second");
    }

    [Fact]
    [ChangesBehaviour("root.accounts", "account.limits")]
    public async Task Account_OverItsLimit_IsRefusedAndOthersAreNot()
    {
        await using var engine = new EngineFixture(Alone, rest: """, "accounts": { "acme": { "limits": { "requestsPerDay": 2 } } }""");
        var complete = new List<bool>();
        foreach (var account in (string[])["acme", "acme/search", "acme", "beta"])
        {
            engine.Caller = Caller.Anonymous with { Account = account };
            complete.Add((await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Complete);
        }

        complete.ShouldBe([true, true, false, true]);
    }

    [Theory]
    [InlineData(""" "match": { "account": "acme" } """, true)]
    [InlineData(""" "match": { "account": "beta" } """, false)]
    [InlineData(""" "match": { "key": ["key_0", "key_1"] } """, true)]
    [InlineData(""" "match": { "key": "key_2" } """, false)]
    [InlineData(""" "match": { "user": "u*" } """, true)]
    [InlineData(""" "match": { "user": "v*" } """, false)]
    [InlineData(""" "match": { "tenant": "t1" } """, true)]
    [InlineData(""" "match": { "tenant": "t2" } """, false)]
    [ChangesBehaviour("match.account", "match.key", "match.user", "match.tenant")]
    public async Task Budget_CountsWhomItNames(string match, bool counts)
    {
        await using var engine = new EngineFixture(
            Alone,
            rest: $$""", "budgets": [{ "name": "one", "limit": "1 calls", "per": "day", {{match}} }]"""
        )
        {
            Caller = new Caller("key_1")
            {
                Account = "acme/search",
                Tenant = "t1",
                User = "u1",
            },
        };

        (await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Complete.ShouldBeTrue();
        (await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Complete.ShouldBe(!counts);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(", \"each\": \"tenant\"", true)]
    [ChangesBehaviour("budget.each")]
    public async Task Budget_ForEach_LeavesTheNextHisOwn(string each, bool passes)
    {
        await using var engine = new EngineFixture(
            Alone,
            rest: $$""", "budgets": [{ "name": "one", "limit": "1 calls", "per": "total"{{each}} }]"""
        )
        {
            Caller = Caller.Anonymous with { Tenant = "t1" },
        };
        (await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Complete.ShouldBeTrue();
        (await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Complete.ShouldBeFalse();

        engine.Caller = Caller.Anonymous with { Tenant = "t2" };

        (await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Complete.ShouldBe(passes);
    }

    /// <summary>It is noon in Greenwich and nine in the evening in Tokyo.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData(", \"timeZone\": \"Asia/Tokyo\"", true)]
    [ChangesBehaviour("budget.timeZone")]
    public async Task Budget_OfADay_BeginsAtMidnightOfItsZone(string zone, bool passes)
    {
        await using var engine = new EngineFixture(
            Alone,
            rest: $$""", "budgets": [{ "name": "one", "limit": "1 calls", "per": "day"{{zone}} }]"""
        );
        (await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Complete.ShouldBeTrue();
        (await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Complete.ShouldBeFalse();

        engine.Time.Advance(TimeSpan.FromHours(4));

        (await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Complete.ShouldBe(passes);
    }

    private static async Task<string?> TargetAsync(EngineFixture engine) => (await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Target;
}
