using Sluice.Configuration;
using Sluice.Routing;
using Sluice.Testing;

namespace Sluice.Tests.Configuration;

public sealed class ExtendsTests : IDisposable
{
    private const string Contract = """
        {
          "fixed": ["/routes/gpt/tier", "/routes/gpt/targets/0", "/reserved"],
          "providers": { "groq": { "apiKey": "env:KEY" } },
          "reserved": { "direct": "it calls no model" },
          "routes": {
            "gpt": { "tier": "free", "default": true, "targets": ["groq/llama-3.1-8b-instant"], "deadline": "10s" }
          }
        }
        """;

    private readonly TempDirectory _directory = new();

    [Fact]
    [ChangesBehaviour("root.extends", "route.deadline", "route.role")]
    public void Heir_AddsOverridesAndRemoves()
    {
        Write("contract.json", Contract);
        var snapshot = Compile(
            """
            {
              "extends": ["contract.json"],
              "routes": {
                "gpt": { "targets": ["groq/llama-3.1-8b-instant", "groq/llama-3.3-70b-versatile"], "deadline": null, "role": "r", "use": null },
                "new": { "targets": ["groq/llama-3.1-8b-instant"], "role": null },
                "gone": null
              }
            }
            """
        );

        var route = snapshot.Routes["gpt"];
        route.Targets.Select(t => t.Model).ShouldBe(["llama-3.1-8b-instant", "llama-3.3-70b-versatile"]);
        (route.Role, route.Deadlines.Call).ShouldBe(("r", TimeSpan.FromMinutes(10)));
        snapshot.Routes.Keys.Order().ShouldBe(["gpt", "new"]);
    }

    [Theory]
    [InlineData("""{ "tier": "free" }""")]
    [InlineData("""{ "deadline": "20s" }""")]
    public void WhatIsFixed_MayBeSaidAgainAndHaveNeighbours(string route)
    {
        Write("contract.json", Contract);

        Compile($$"""{ "extends": ["contract.json"], "routes": { "gpt": {{route}} } }""").Routes["gpt"].Tier.ShouldBe(Tier.Free);
    }

    [Theory]
    [InlineData("""{ "routes": { "gpt": { "tier": "premium" } } }""", "routes.gpt.tier")]
    [InlineData("""{ "routes": { "gpt": { "tier": null } } }""", "routes.gpt.tier")]
    [InlineData("""{ "routes": { "gpt": { "tier": "env:TIER:-free" } } }""", "routes.gpt.tier")]
    [InlineData("""{ "routes": { "gpt": null } }""", "routes.gpt.tier")]
    [InlineData("""{ "routes": null }""", "routes.gpt.tier")]
    [InlineData("""{ "routes": { "gpt": "none" } }""", "routes.gpt.tier")]
    [InlineData("""{ "fixed": [], "routes": { "gpt": { "tier": "premium" } } }""", "routes.gpt.tier")]
    [InlineData("""{ "fixed": null, "routes": { "gpt": { "tier": "premium" } } }""", "routes.gpt.tier")]
    [InlineData("""{ "routes": { "gpt": { "targets": ["groq/llama-3.3-70b-versatile"] } } }""", "routes.gpt.targets.0")]
    [InlineData("""{ "routes": { "gpt": { "targets": [] } } }""", "routes.gpt.targets.0")]
    [InlineData("""{ "reserved": { "more": "is added to a whole that is fixed" } }""", "reserved")]
    [ChangesBehaviour("root.fixed")]
    public void WhatIsFixed_CannotBeChanged(string heir, string path)
    {
        Write("contract.json", Contract);
        var text = string.Concat("""{ "extends": ["contract.json"], """, heir.AsSpan(1));

        Errors(text)
            .ShouldContain(
                $"sluice.json: {path}: contract.json fixes this value and sluice.json overrides it; remove it here, or change the contract"
            );
    }

    [Fact]
    public void WhatIsFixed_CannotBeChangedByAnHeirsHeir()
    {
        Write("contract.json", Contract);
        Write("team.json", """{ "extends": ["contract.json"], "fixed": ["/routes/gpt/deadline"] }""");

        var errors = Errors("""{ "extends": ["team.json"], "routes": { "gpt": { "tier": "premium", "deadline": "1s" } } }""");

        errors.ShouldBe([
            "sluice.json: routes.gpt.tier: contract.json fixes this value and sluice.json overrides it; remove it here, or change the contract",
            "sluice.json: routes.gpt.deadline: team.json fixes this value and sluice.json overrides it; remove it here, or change the contract",
        ]);
    }

    [Theory]
    [InlineData("\"contract.json\", \"other.json\"")]
    [InlineData("\"other.json\", \"fixing.json\", \"contract.json\", \"fixing.json\"")]
    public void Parents_ThatDisagreeOnWhatIsFixed_AreRefused(string parents)
    {
        Write("contract.json", Contract);
        Write("other.json", """{ "routes": { "gpt": { "tier": "premium" } } }""");
        Write("fixing.json", """{ "fixed": ["/routes/gpt/tier"], "routes": { "gpt": { "tier": "standard" } } }""");

        Errors($$"""{ "extends": [{{parents}}] }""")
            .ShouldContain(e => e.StartsWith("sluice.json: routes.gpt.tier: ") && e.Contains("says otherwise"));
    }

    [Fact]
    public void Parent_ThatComesLater_FixesItsOwnOverEarlierOnes()
    {
        Write("contract.json", Contract);
        Write("other.json", """{ "routes": { "gpt": { "tier": "premium" } } }""");

        Compile("""{ "extends": ["other.json", "contract.json"] }""").Routes["gpt"].Tier.ShouldBe(Tier.Free);
    }

    [Theory]
    [InlineData("/routes/gtp/tier")]
    [InlineData("/routes/gpt/targets/7")]
    [InlineData("routes.gpt.tier")]
    [InlineData("")]
    public void Pointer_ToNothing_IsAnError(string place)
    {
        Write("contract.json", Contract);
        var errors = Errors($$"""{ "extends": ["contract.json"], "fixed": ["/routes/gpt/deadline", "{{place}}"] }""");

        errors.ShouldBe([$"sluice.json: fixed[1]: nothing is at '{place}'; write a pointer such as \"/routes/NAME/tier\""]);
    }

    [Fact]
    public void Error_NamesTheFileItStandsIn()
    {
        Write(
            "contract.json",
            """{ "providers": { "groq": { "apiKey": "env:KEY" } }, "routes": { "gpt-4.1": { "targets": ["grog/x"] } } }"""
        );

        var errors = Errors("""{ "extends": ["contract.json"], "routes": { "gpt-4.1": { "deadline": "soon" } }, "pin": true }""");

        errors.ShouldContain(e => e.StartsWith("contract.json: routes.gpt-4.1.targets[0]: provider 'grog' is not configured"));
        errors.ShouldContain(e => e.StartsWith("sluice.json: routes.gpt-4.1.deadline: 'soon' is not a duration"));
        errors.ShouldContain(e => e.StartsWith("sluice.json: pin: unknown member 'pin'"));
    }

    [Fact]
    public void Circle_IsAnError()
    {
        Write("a.json", """{ "extends": ["sluice.json"] }""");

        Errors("""{ "extends": ["a.json"] }""").Single().ShouldContain("extends itself");
    }

    public void Dispose() => _directory.Dispose();

    private void Write(string name, string text) => File.WriteAllText(_directory.File(name), text);

    private Snapshot Compile(string text)
    {
        Write("sluice.json", text);
        return new ConfigurationCompiler(_ => "key").CompileFile(_directory.File("sluice.json"), 1);
    }

    private List<string> Errors(string text) =>
        [.. Should.Throw<ConfigurationException>(() => Compile(text)).Errors.Select(e => e.ToString())];
}
