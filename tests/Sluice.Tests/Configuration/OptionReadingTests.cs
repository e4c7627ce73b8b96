using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Ledger;

namespace Sluice.Tests.Configuration;

/// <summary>Options that arrive where tests of the loop, the ledger and the gates set them by hand.</summary>
public sealed class OptionReadingTests
{
    [Fact]
    [ChangesBehaviour("deadlines.connect", "route.serverToolRounds")]
    public void Route_HasItsTimesAndExceptions()
    {
        var route = Compile(
            """
            "routes": { "r": {
              "targets": ["oai/gpt-4o-mini"], "alsoFailOver": ["Refused"], "serverToolRounds": 3,
              "deadlines": { "connect": "5s", "attempt": "1s", "headers": "2s", "firstContent": "3s", "betweenEvents": "4s" },
              "retry": { "maxWait": "6s", "backoff": "7ms" }
            } }
            """
        ).Routes["r"];

        var times = route.Deadlines;
        new[] { times.Attempt, times.Headers, times.FirstContent, times.BetweenEvents, route.Retry.MaxWait }.ShouldBe([
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(2),
            TimeSpan.FromSeconds(3),
            TimeSpan.FromSeconds(4),
            TimeSpan.FromSeconds(6),
        ]);
        times.Connect.ShouldBe(TimeSpan.FromSeconds(5));
        route.Retry.Backoff.ShouldBe(TimeSpan.FromMilliseconds(7));
        route.AlsoFailOver.ShouldBe([FailureClass.Refused]);
        route.ServerToolRounds.ShouldBe(3);
    }

    [Fact]
    [ChangesBehaviour(
        "priceTier.cacheRead",
        "priceTier.cacheWrite",
        "priceTier.cacheWrite1h",
        "priceTier.inputAudio",
        "priceTier.outputAudio",
        "priceTier.cacheReadAudio",
        "priceTier.inputImage",
        "priceTier.outputImage",
        "priceTier.cacheReadImage",
        "priceTier.webSearchPerThousand"
    )]
    public void PriceTier_HasEveryRate()
    {
        var price = Compile(
            """
            "models": { "oai/new": { "price": { "input": "1", "output": "2", "tiers": [{
              "above": 5, "cacheRead": "3", "cacheWrite": "4", "cacheWrite1h": "5", "inputAudio": "6", "outputAudio": "7",
              "cacheReadAudio": "8", "inputImage": "9", "outputImage": "10", "cacheReadImage": "11", "webSearchPerThousand": "12"
            }] } } },
            "routes": { "r": { "targets": ["oai/new"] } }
            """
        )
            .Routes["r"]
            .Targets.Single()
            .Card.Price!.Tiers.Single()
            .Price;

        (price.CacheRead, price.CacheWrite, price.CacheWrite1h, price.InputAudio, price.OutputAudio).ShouldBe((3, 4, 5, 6, 7));
        (price.CacheReadAudio, price.InputImage, price.OutputImage, price.CacheReadImage, price.WebSearchPerThousand).ShouldBe(
            (8, 9, 10, 11, 12)
        );
    }

    [Fact]
    [ChangesBehaviour("budget.unknownPrice")]
    public void Budget_HasItsZoneItsPartsAndWhomItCounts()
    {
        var budget = Compile(
            """
            "budgets": [{
              "name": "b", "limit": "5 USD", "timeZone": "Europe/Zurich", "each": "tenant", "unknownPrice": "allow",
              "match": { "account": "acme", "key": ["key_1", "key_2"], "user": "u*" }
            }]
            """
        )
            .Budgets.Single();

        (budget.Window.Zone.Id, budget.Each, budget.UnknownPrice).ShouldBe(("Europe/Zurich", BudgetDimension.Tenant, UnknownPrice.Allow));
        budget
            .Match.Values.Select(v => $"{v.Key}: {string.Join(", ", v.Value)}")
            .Order()
            .ShouldBe(["Account: acme", "Key: key_1, key_2", "User: u*"]);
    }

    [Fact]
    [ChangesBehaviour("quota.token", "quota.timeout")]
    public void Quota_HasItsTokenAndTime()
    {
        var quota = Compile(
            """
            "quota": { "url": "https://quota.example", "token": "env:T", "timeout": "70ms" }
            """
        ).Quota!;

        (quota.Token, quota.Timeout).ShouldBe(("secret-T", TimeSpan.FromMilliseconds(70)));
    }

    [Fact]
    [ChangesBehaviour("ledger.sync", "ledger.ringSlots", "ledger.retention", "ledger.anchorEvery", "server.drain")]
    public void Ledger_AndServer_HaveTheirSettings()
    {
        var snapshot = Compile(
            """
            "ledger": { "sync": "0s", "ringSlots": 2048, "retention": "7d", "anchorEvery": "2m", "onUnknown": "estimate" },
            "server": { "drain": "9s" }
            """
        );

        snapshot.Ledger.ShouldBe(
            new LedgerSettings
            {
                Sync = TimeSpan.Zero,
                RingSlots = 2048,
                Retention = TimeSpan.FromDays(7),
                AnchorEvery = TimeSpan.FromMinutes(2),
                OnUnknown = OnUnknown.Estimate,
            }
        );
        snapshot.Server.Drain.ShouldBe(TimeSpan.FromSeconds(9));
    }

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

    [Fact]
    [ChangesBehaviour("embedding.dimensions")]
    public void Embedding_HasItsDimensions() =>
        Compile(
            """
            "models": { "oai/vectors": { "embedding": { "identity": "v", "dimensions": 77 }, "price": { "input": "1", "output": "0" } } },
            "routes": { "r": { "targets": ["oai/vectors"] } }
            """
        )
            .Routes["r"]
            .Targets.Single()
            .Card.Embedding!.Dimensions.ShouldBe(77);

    [Fact]
    [ChangesBehaviour("gateMatch.account", "gateMatch.key")]
    public void Gate_LooksAtWhomItNames() =>
        Compile(
            """
            "gates": [{ "name": "g", "deny": ["x"], "match": { "account": "a", "key": "b", "role": "c", "route": "d", "user": "e", "tag": "f" } }]
            """
        )
            .Gates.Single()
            .Match.Values.Select(v => $"{v.Key}={v.Value.Single()}")
            .Order()
            .ShouldBe(["Account=a", "Key=b", "Role=c", "Route=d", "Tag=f", "User=e"]);

    private static Snapshot Compile(string rest, string provider = "", string keys = "\"apiKey\": \"env:KEY\"") =>
        new ConfigurationCompiler(name => $"secret-{name}").CompileText(
            $$"""{ "providers": { "oai": { "preset": "openai", {{keys}}{{provider}} } }, {{rest}} }""",
            "/",
            1
        );
}
