using System.Text.Json;
using Sluice.Catalog;

namespace Sluice.Tests.Catalog;

public sealed class DialectTests
{
    private static readonly IReadOnlyDictionary<string, Dialect> Rows = CatalogData.Dialects();

    [Theory]
    [InlineData(
        "openai azure azure-v1 groq cerebras nvidia mistral deepseek xai openrouter together fireworks perplexity cohere huggingface venice"
    )]
    [InlineData("llama-cpp vllm lmstudio")]
    public void Vendors_HaveRowsOfChatCompletions(string names)
    {
        foreach (var name in names.Split(' '))
        {
            Rows.Keys.ShouldContain(name);
            Rows[name].Wire.ShouldBe(WireKind.OpenAiChat, name);
            (Rows[name].Features | Feature.SaidApart).ShouldNotBe(Feature.All, $"{name} says what it can be asked for");
        }
    }

    [Fact]
    public void Aliases_LeadToOneRowEach()
    {
        (Rows.Named("google")!.Name, Rows.Named("X-AI")!.Name, Rows.Named("openai")!.Name).ShouldBe(("gemini", "xai", "openai"));
        Rows.Named("nobody").ShouldBeNull();
        Rows.Values.SelectMany(r => r.Aliases).Concat(Rows.Keys).ShouldBeUnique();
    }

    [Fact]
    public void Rows_OfChat_LeaveOutWhatAsksForAFeatureTheyDoNotHave()
    {
        Rows["perplexity"]
            .Drops.ShouldBe([
                "tools",
                "tool_choice",
                "parallel_tool_calls",
                "stop",
                "seed",
                "logprobs",
                "top_logprobs",
                "n",
                "service_tier",
                "prompt_cache_key",
                "user",
                "stream_options",
                "logit_bias",
            ]);
        Rows["openai"].Drops.ShouldBeEmpty();
        Rows["anthropic"].Drops.ShouldBeEmpty("the names are those of Chat Completions");
    }

    [Fact]
    public void Rows_FinishReasons_AreOfTheFiveWords() =>
        Rows.Values.SelectMany(r => r.FinishReasons.Values).Except(["stop", "length", "tool_calls", "refusal", "paused"]).ShouldBeEmpty();

    [Fact]
    public void RowsThatSayNothingOfUsage_AreReadByWhatAnyVendorSays()
    {
        Rows["openai"].Usage.Paths.Select(p => p.Path).ShouldContain("usage.prompt_cache_hit_tokens");
        Rows["openai"].Usage.ReasoningBeside.ShouldBeNull();
        Rows["deepseek"].Usage.Paths.Select(p => p.Path).ShouldBe(["usage.prompt_cache_hit_tokens"]);
        Rows["xai"].Usage.ReasoningBeside.ShouldBe(true);
    }

    [Theory]
    [InlineData("groq/compound", "compound_custom")]
    [InlineData("groq/compound-mini", "compound_custom")]
    [InlineData("openai/gpt-oss-120b", "browser_search")]
    [InlineData("llama-3.3-70b-versatile", null)]
    public void ServerTools_FirstRuleThatFitsTheModelHolds(string model, string? expected)
    {
        var rule = Rows["groq"].ServerTools.FirstOrDefault(r => r.Tool == "web_search" && r.Fits(model));

        (rule?.Request ?? rule?.Entry ?? "none").ShouldContain(expected ?? "none");
    }

    /// <summary>Lists of features speak of neither: a row streams unless it says not, and runs the tools of its wire unless it lists them.</summary>
    [Theory]
    [InlineData("openai-responses", "{}", "stream web_search code_execution file_search image_generation mcp")]
    [InlineData("openai-responses", """{"streams": false}""", "web_search code_execution file_search image_generation mcp")]
    [InlineData("anthropic", """{"features": ["tools"], "serverTools": [{"tool": "web_search"}]}""", "stream web_search")]
    [InlineData("anthropic", """{"serverTools": [], "streams": true}""", "stream")]
    [InlineData("cerebras", "{}", "stream")]
    public void Row_SaysWhetherItStreamsAndWhichToolsItRuns(string name, string row, string expected)
    {
        using var said = JsonDocument.Parse(row);

        var features = DeviationReader.Add(Rows[name], said.RootElement).Features & Feature.SaidApart;

        string.Join(' ', FeatureTable.NamesOf(features)).ShouldBe(expected);
    }

    [Fact]
    public void Models_OfTheseVendors_HavePricesAndWhatTheyLack()
    {
        var catalog = new ModelCatalog(CatalogData.Models());

        foreach (
            var name in Rows
                .Values.Where(r => r is { Local: false, Wire: WireKind.OpenAiChat, Name: not "nvidia" and not "venice" })
                .Select(r => r.Name)
        )
        {
            catalog.Cards.Count(c => c.Provider == name && c.Price is { Output: > 0 }).ShouldBeGreaterThan(1, name);
        }

        catalog.Find("anthropic", "claude-sonnet-4-6")!.Lacks.ShouldBe(Feature.Prefill);
        catalog.Find("anthropic", "claude-haiku-4-5")!.Lacks.ShouldBe(Feature.None);
        catalog.Find("xai", "grok-4.3")!.Lacks.ShouldBe(Feature.Stop | Feature.Penalties);
    }

    /// <summary>A price of nothing would pass every budget: what a vendor gives away for a while is not shipped as free.</summary>
    [Fact]
    public void Cards_AreManyAndNoneIsFree()
    {
        var cards = CatalogData.Models();

        cards.Count.ShouldBeGreaterThanOrEqualTo(300);
        cards
            .SelectMany(c => c.Schedule.Select(s => s.Price).Append(c.Price!).Select(p => (c.Provider, c.Id, Price: p)))
            .Where(c => c.Price.Input + c.Price.Output + (c.Price.PerRequest ?? 0) == 0)
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("gemini", "models/gemini-2.5-pro", "gemini-2.5-pro")]
    [InlineData("gemini", "gemini-2.5-flash-001", "gemini-2.5-flash")]
    [InlineData("openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini")]
    [InlineData("anthropic", "claude-sonnet-4-5@20250929", "claude-sonnet-4-5")]
    [InlineData("bedrock", "sa.amazon.nova-micro-v1:0", "amazon.nova-micro-v1:0")]
    [InlineData("openai", "gpt-4o-minimal", null)]
    public void Card_IsFoundByDatedAndPrefixedIds(string provider, string id, string? card) =>
        (new ModelCatalog(CatalogData.Models()).Find(provider, id)?.Id).ShouldBe(card);
}
