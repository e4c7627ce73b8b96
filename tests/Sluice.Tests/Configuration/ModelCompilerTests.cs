using System.Globalization;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Money;

namespace Sluice.Tests.Configuration;

/// <summary>What a configuration says of models and their prices.</summary>
public sealed class ModelCompilerTests
{
    private static readonly DateTimeOffset Summer = DateTimeOffset.Parse("2026-07-24T12:00:00Z", CultureInfo.InvariantCulture);
    private static readonly DateTimeOffset Winter = DateTimeOffset.Parse("2027-01-24T12:00:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public void Override_ChangesOnlyWhatItSays()
    {
        var shipped = new ModelCatalog(CatalogData.Models()).Find("anthropic", "claude-sonnet-5")!;

        var card = Card("claude-sonnet-5", """{ "maxOutput": 1000, "price": { "webSearchPerThousand": "7" } }""");

        card.ShouldBe(
            shipped with
            {
                MaxOutput = 1000,
                Price = shipped.Price! with { WebSearchPerThousand = 7, Tiers = card.Price!.Tiers },
                Schedule = card.Schedule,
                Drops = card.Drops,
                PriceChecked = null,
            }
        );
        card.Drops.ShouldBe(shipped.Drops);
        (card.PriceAt(Winter)!.Input, card.PriceAt(Winter)!.WebSearchPerThousand).ShouldBe((shipped.PriceAt(Winter)!.Input, 7));
    }

    [Fact]
    public void PriceWithInputAndOutput_StandsByItself()
    {
        var card = Card("claude-sonnet-5", """{ "price": { "input": "1", "output": 2 } }""");

        card.Price.ShouldBe(
            new Price
            {
                Input = 1,
                Output = 2,
                Tiers = card.Price!.Tiers,
            }
        );
        (card.Price.Tiers.Count, card.Schedule.Count).ShouldBe((0, 0));
        (card.Reasoning, card.Thinking).ShouldBe((true, ThinkingStyle.Adaptive));
    }

    [Fact]
    public void Override_SaysAllOfACard()
    {
        var card = Card(
            "new-model",
            """
            {
              "contextWindow": 10, "maxOutput": 5, "imageTokens": 3, "tools": false, "vision": true, "reasoning": true, "thinking": "budget",
              "lacks": ["prefill"], "drops": ["top_k"], "lifecycle": "deprecated",
              "price": {
                "input": "1", "output": "2", "cacheRead": "3", "cacheWrite": "4", "cacheWrite1h": "5", "inputAudio": "6", "outputAudio": "7",
                "cacheReadAudio": "8", "inputImage": "9", "outputImage": "10", "cacheReadImage": "11", "webSearchPerThousand": "12", "perRequest": "13",
                "tiers": [{ "above": 100, "input": "20" }, { "above": 200, "output": "30", "inputAudio": "6" }]
              },
              "schedule": [{ "from": "2027-01-01", "hours": "23:00-13:00", "price": { "input": "0.5" } }]
            }
            """
        );

        var price = card.Price!;
        (price.CacheRead, price.CacheWrite, price.CacheWrite1h, price.InputAudio, price.OutputAudio).ShouldBe((3, 4, 5, 6, 7));
        (price.CacheReadAudio, price.InputImage, price.OutputImage, price.CacheReadImage).ShouldBe((8, 9, 10, 11));
        (price.WebSearchPerThousand, price.PerRequest).ShouldBe((12, 13));
        price
            .Tiers.Select(t => (t.AboveInputTokens, t.Price.Input, t.Price.Output, t.Price.CacheRead))
            .ShouldBe([(100, 20, 2, null), (200, 1, 30, null)]);
        (card.PriceAt(Summer)!.Input, card.PriceAt(Winter)!.Input, card.PriceAt(Winter)!.Output).ShouldBe((1, 0.5m, 2));
        (card.ContextWindow, card.MaxOutput, card.ImageTokens, card.Tools, card.Vision, card.Reasoning).ShouldBe(
            (10, 5, 3, false, true, true)
        );
        (card.Thinking, card.Lacks, card.Lifecycle).ShouldBe((ThinkingStyle.Budget, Feature.Prefill, ModelLifecycle.Deprecated));
        card.Drops.ShouldBe(["top_k"]);
    }

    [Fact]
    public void PriceOfATarget_IsNotUndoneByTheShippedSchedule() =>
        Compile("""{ "provider": "anthropic", "model": "claude-sonnet-5", "price": { "input": "1", "output": "2" } }""", "{}")
            .Routes["r"]
            .Targets[0]
            .Card.PriceAt(Winter)!
            .Input.ShouldBe(1);

    [Theory]
    [InlineData("new", "{}", "models.anthropic/new.price: a model that is not known needs a price")]
    [InlineData("new", """{ "price": { "input": "1" } }""", "models.anthropic/new.price.output: a price needs input and output")]
    [InlineData("new", """{ "price": { "input": "-1", "output": "1" } }""", "models.anthropic/new.price.input")]
    [InlineData(
        "claude-opus-5",
        """{ "price": { "tiers": [{ "input": "1" }] } }""",
        "tiers[0].above: a tier needs the input above which it holds"
    )]
    [InlineData("claude-opus-5", """{ "price": { "tiers": [{ "above": 9 }, { "above": 9 }] } }""", "tiers[1].above: 9 is not above 9")]
    [InlineData("claude-opus-5", """{ "price": { "tiers": [7] } }""", "tiers[0]: 7 is not an object")]
    [InlineData(
        "claude-opus-5",
        """{ "schedule": [{ "price": { "input": "1" } }] }""",
        "schedule[0].from: neither a day nor hours are given"
    )]
    [InlineData("claude-opus-5", """{ "schedule": [{ "from": "soon", "price": {} }] }""", "schedule[0].from: 'soon' is not a day")]
    [InlineData("claude-opus-5", """{ "schedule": [{ "hours": "1-2", "price": {} }] }""", "schedule[0].hours: '1-2' are no hours of a day")]
    [InlineData("claude-opus-5", """{ "schedule": [{ "from": "2026-09-01" }] }""", "schedule[0].price: a scheduled price needs a price")]
    [InlineData("claude-opus-5", """{ "price": { "inputs": "1" } }""", "did you mean 'input'?")]
    public void Mistake_NamesPathValueAndCure(string model, string section, string expected) =>
        Should.Throw<ConfigurationException>(() => Card(model, section)).Message.ShouldContain(expected);

    private static ModelCard Card(string model, string section) =>
        Compile("\"anthropic/claude-haiku-4-5\"", $$"""{ "anthropic/{{model}}": {{section}} }""").Models.Find("anthropic", model)!;

    private static Snapshot Compile(string target, string models) =>
        new ConfigurationCompiler(_ => "key").CompileText(
            $$"""{ "providers": { "anthropic": {} }, "routes": { "r": { "targets": [{{target}}] } }, "models": {{models}} }""",
            ".",
            0
        );
}
