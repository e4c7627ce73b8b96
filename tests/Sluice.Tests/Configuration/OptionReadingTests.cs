using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

/// <summary>Options that arrive where tests of the loop, the ledger and the gates set them by hand.</summary>
public sealed class OptionReadingTests
{
    [Fact]
    [ChangesBehaviour("route.tier", "route.placeholder")]
    public void TierAndPlaceholder_AreWhatAFallbackIsHeldAgainst()
    {
        const string routes = """
            "routes": {
              "a": { "default": true, "tier": "standard", "targets": ["oai/gpt-4o-mini"], "fallback": "b" },
              "b": { "tier": "TIER", "targets": ["oai/gpt-4o-mini"] },
              "c": { "placeholder": true }
            }
            """;

        Compile(routes.Replace("TIER", "free", StringComparison.Ordinal)).Routes["c"].Placeholder.ShouldBeTrue();
        Should
            .Throw<ConfigurationException>(() => Compile(routes.Replace("TIER", "premium", StringComparison.Ordinal)))
            .Message.ShouldContain("'b' is premium, above standard");
    }

    [Fact]
    [ChangesBehaviour("provider.local", "provider.accountId", "root.$schema")]
    public void Provider_OfItsOwnMachine_TakesAnyModelAtNoPrice()
    {
        const string routes = """ "$schema": "./sluice.schema.json", "routes": { "r": { "targets": ["oai/anything"] } } """;

        Compile(routes, """, "local": true""").Routes["r"].Targets.Single().Card.Price!.Input.ShouldBe(0);
        Should.Throw<ConfigurationException>(() => Compile(routes)).Errors.Single().Path.ShouldBe("routes.r.targets[0]");
        Compile(routes, """, "local": true }, "cloudflare": { "accountId": "acc-1" """)
            .Providers["cloudflare"]
            .Address.Of("m", stream: false)
            .AbsoluteUri.ShouldContain("/acc-1/");
    }

    private static Snapshot Compile(string rest, string provider = "", string keys = "\"apiKey\": \"env:KEY\"") =>
        new ConfigurationCompiler(name => $"secret-{name}").CompileText(
            $$"""{ "providers": { "oai": { "preset": "openai", {{keys}}{{provider}} } }, {{rest}} }""",
            "/",
            1
        );
}
