using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Routing;

namespace Sluice.Tests.Routing;

public sealed class PolicyRuleTests
{
    [Theory]
    [InlineData("""{}""", true)]
    [InlineData("""{"route":"claude"}""", true)]
    [InlineData("""{"route":"cl*"}""", true)]
    [InlineData("""{"route":["other","claude"]}""", true)]
    [InlineData("""{"route":"other"}""", false)]
    [InlineData("""{"role":"architect"}""", true)]
    [InlineData("""{"role":"arch"}""", false)]
    [InlineData("""{"task":"summary*"}""", true)]
    [InlineData("""{"task":"chat"}""", false)]
    [InlineData("""{"key":"key_a"}""", true)]
    [InlineData("""{"key":"key_a/key_b"}""", true)]
    [InlineData("""{"key":"key_b"}""", false)]
    [InlineData("""{"account":"acme"}""", true)]
    [InlineData("""{"account":"acm"}""", false)]
    [InlineData("""{"tenant":"t1"}""", true)]
    [InlineData("""{"tenant":"t"}""", false)]
    [InlineData("""{"user":"u1"}""", true)]
    [InlineData("""{"user":"u2"}""", false)]
    [InlineData("""{"tag":"eu"}""", true)]
    [InlineData("""{"tag":"us"}""", false)]
    [InlineData("""{"tools":true}""", true)]
    [InlineData("""{"tools":false}""", false)]
    [InlineData("""{"images":true}""", true)]
    [InlineData("""{"images":false}""", false)]
    [InlineData("""{"structured":true}""", true)]
    [InlineData("""{"structured":false}""", false)]
    [InlineData("""{"stream":true}""", true)]
    [InlineData("""{"stream":false}""", false)]
    [InlineData("""{"inputAbove":999}""", true)]
    [InlineData("""{"inputAbove":1000}""", false)]
    [InlineData("""{"inputBelow":1001}""", true)]
    [InlineData("""{"inputBelow":1000}""", false)]
    [InlineData("""{"outputAbove":499}""", true)]
    [InlineData("""{"outputAbove":500}""", false)]
    [InlineData("""{"budgetAbove":0.79}""", true)]
    [InlineData("""{"budgetAbove":0.8}""", false)]
    [InlineData("""{"budgetAbove":0.3,"budget":"week"}""", false)]
    [InlineData("""{"budgetAbove":0.1,"budget":"week"}""", true)]
    [InlineData("""{"route":"claude","tenant":"t2"}""", false)]
    [ChangesBehaviour(
        "when.route",
        "when.role",
        "when.task",
        "when.key",
        "when.account",
        "when.tenant",
        "when.user",
        "when.tag",
        "when.tools",
        "when.images",
        "when.structured",
        "when.stream",
        "when.inputAbove",
        "when.inputBelow",
        "when.outputAbove",
        "when.budgetAbove",
        "when.budget"
    )]
    public void When_HoldsForTheCallsItNames(string when, bool holds)
    {
        var snapshot = Compile($$"""{ "when": {{when}}, "use": "other", "because": "so" }""");

        var rule = PolicyRule.First(snapshot.Policy, new Facts(snapshot.Routes["claude"]));

        (rule?.Use.Name).ShouldBe(holds ? "other" : null);
        (rule?.Name).ShouldBe(holds ? "policy[0]" : null);
    }

    [Fact]
    public void First_TakesTheFirstThatApplies_AndNoMore()
    {
        var snapshot = Compile(
            """{ "when": { "tenant": "nobody" }, "use": "claude" }, { "when": { "route": "claude" }, "use": "other" }, { "when": { "route": "other" }, "use": "claude" }"""
        );

        PolicyRule.First(snapshot.Policy, new Facts(snapshot.Routes["claude"]))!.Use.Name.ShouldBe("other");
    }

    [Theory]
    [InlineData("""{ "when": {}, "use": "othre" }""", "policy[0].use: route 'othre' does not exist; did you mean 'other'?")]
    [InlineData("""{ "when": {}, "use": "empty" }""", "policy[0].use: 'empty' is a placeholder; use a route with targets")]
    [InlineData("""{ "when": {} }""", "policy[0].use: a rule needs a route to send calls to")]
    [InlineData("""{ "use": "other" }""", "policy[0].when: a rule needs a condition")]
    [InlineData(
        """{ "when": { "route": "cluade" }, "use": "other" }""",
        "policy[0].when.route: no route or model is called 'cluade'; did you mean 'claude'?"
    )]
    [InlineData(
        """{ "when": { "tenant": "a*b" }, "use": "other" }""",
        "policy[0].when.tenant: 'a*b' is no name; write a whole name, or one with '*' at its end"
    )]
    [InlineData("""{ "when": { "tag": [] }, "use": "other" }""", "policy[0].when.tag: no name is given")]
    [InlineData(
        """{ "when": { "budgetAbove": 0.8, "budget": "weak" }, "use": "other" }""",
        "policy[0].when.budget: budget 'weak' does not exist; did you mean 'week'?"
    )]
    [InlineData("""{ "when": { "budget": "week" }, "use": "other" }""", "policy[0].when.budget: nothing is asked of it")]
    [InlineData("""{ "when": { "budgetAbove": 80 }, "use": "other" }""", "policy[0].when.budgetAbove: 80 is no part of a whole")]
    [InlineData("""{ "when": { "rout": "claude" }, "use": "other" }""", "policy[0].when.rout: unknown member 'rout'")]
    public void Rule_ThatIsNone_SaysPathAndCure(string rule, string error) =>
        Should.Throw<ConfigurationException>(() => Compile(rule)).Errors.ShouldContain(e => e.ToString().StartsWith(error));

    private static Snapshot Compile(string rules) =>
        new ConfigurationCompiler(_ => "key").CompileText(
            $$"""
            {
              "providers": { "anthropic": { "apiKey": "env:KEY" }, "groq": { "apiKey": "env:KEY" } },
              "routes": {
                "claude": { "default": true, "role": "architect", "targets": ["anthropic/claude-sonnet-4-6"] },
                "other": { "targets": ["groq/llama-3.1-8b-instant"] },
                "empty": { "placeholder": true }
              },
              "policy": [{{rules}}],
              "budgets": [{ "name": "week", "limit": "5 USD", "per": "week" }]
            }
            """,
            "/",
            1
        );

    private sealed class Facts(Route asked) : ICallFacts
    {
        public Call Call { get; } =
            new()
            {
                Id = "call",
                RouteAsked = "",
                StartedAt = DateTimeOffset.UnixEpoch,
                Revision = 1,
                Role = "architect",
                Wishes = new CallWishes { Task = "summary-long" },
                Features = new CallFeatures
                {
                    Stream = true,
                    Tools = true,
                    Images = 1,
                    OutputLimit = 500,
                },
                Caller = new Caller("key_b")
                {
                    KeyPath = "key_a/key_b",
                    Account = "acme/search",
                    Tenant = "t1",
                    User = "u1",
                    Tags = ["nightly", "eu"],
                },
            };

        public Route Asked => asked;

        public long InputTokens => 1000;

        public bool Structured => true;

        public decimal BudgetUsed(string? budget) => budget is null ? 0.8m : 0.2m;
    }
}
