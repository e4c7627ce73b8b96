using System.Globalization;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Cli.Prices;
using Sluice.Configuration;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Storage;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>`sluice catalog`: what models cost, and prices from public files.</summary>
public sealed class CatalogTests : IDisposable
{
    private const string Genai = """
        [{"id": "x-ai", "name": "xAI", "models": [
          {"id": "grok-x", "match": {"or": [{"equals": "grok-x"}, {"starts_with": "grok-x-"}]}, "context_window": 1000,
           "prices": [
             {"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 100, "price": 2}]}, "output_mtok": 0.1, "requests_kcount": 5, "web_searches_kcount": 10}},
             {"constraint": {"start_date": "2026-09-01"}, "prices": {"input_mtok": 3, "output_mtok": 4}},
             {"constraint": {"start_time": "16:30:00Z", "end_time": "00:30:00Z"}, "prices": {"input_mtok": 0.5, "output_mtok": 0.6}}]},
          {"id": "grok-4.3", "match": {"regex": "^grok-4\\.3(-.*)?$"}, "prices": {"input_mtok": 7, "output_mtok": 8}}]}]
        """;

    private const string Litellm = """
        {"sample_spec": {"litellm_provider": "one of"}, "last_updated": "today",
         "xai/grok-x": {"litellm_provider": "xai", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2.9999999999999997e-06,
           "input_cost_per_token_above_200k_tokens": 2e-06, "cache_read_input_token_cost": 1e-07, "max_input_tokens": 1000, "max_output_tokens": 50,
           "supports_function_calling": true, "search_context_cost_per_query": {"search_context_size_low": 0.01, "search_context_size_high": 0.03}},
         "xai/grok-image": {"litellm_provider": "xai", "mode": "image_generation", "output_cost_per_image": 0.1}}
        """;

    private const string OpenRouter = """
        {"data": [
          {"id": "a/b", "pricing": {"prompt": "0.000001", "completion": "0.000003", "input_cache_write": "0.00000125", "web_search": "0.01"},
           "context_length": 1000, "top_provider": {"max_completion_tokens": 50}, "supported_parameters": ["tools"], "architecture": {"input_modalities": ["image"]}},
          {"id": "openrouter/auto", "pricing": {"prompt": "-1", "completion": "-1"}}]}
        """;

    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task Genai_IsImportedWithTiersDaysHoursAndMatches()
    {
        var snapshot = await ImportAsync(Genai, "xai");

        var card = snapshot.Models.Find("xai", "grok-x")!;
        (card.ContextWindow, card.Price!.Tiers.Single().Price.Input, card.Price.Tiers.Single().Price.Output).ShouldBe((1000, 2, 0.1m));
        (card.Price.PerRequest, card.Price.WebSearchPerThousand).ShouldBe((0.005m, 10));
        Inputs(card, "2026-08-01T12:00:00Z", "2026-09-01T12:00:00Z", "2026-09-01T17:00:00Z").ShouldBe([1, 3, 0.5m]);
        snapshot.Models.Find("xai", "grok-4.3")!.Price!.Input.ShouldBe(7, "the shipped model is matched by its pattern");
        snapshot.Models.Find("xai", "grok-4.3")!.Lacks.ShouldBe(Feature.Stop | Feature.Penalties, "the rest of its card stays");
    }

    [Fact]
    public async Task Litellm_IsImportedPerMillionTokens()
    {
        var card = (await ImportAsync(Litellm, "x-ai")).Models.Find("xai", "grok-x")!;

        (card.Price!.Input, card.Price.Output, card.Price.CacheRead, card.Price.WebSearchPerThousand).ShouldBe((1, 3, 0.1m, 30));
        card.Price.Tiers.Select(t => (t.AboveInputTokens, t.Price.Input, t.Price.Output, t.Price.CacheRead))
            .ShouldBe([(200_000, 2, 3, 0.1m)]);
        (card.ContextWindow, card.MaxOutput, card.Tools).ShouldBe((1000, 50, true));
    }

    [Fact]
    public async Task OpenRouter_IsImportedWithoutItsRouters()
    {
        var models = (await ImportAsync(OpenRouter, "openrouter")).Models;

        var card = models.Find("openrouter", "a/b")!;
        (card.Price!.Input, card.Price.Output, card.Price.CacheWrite, card.Price.WebSearchPerThousand).ShouldBe((1, 3, 1.25m, 10));
        (card.ContextWindow, card.MaxOutput, card.Tools, card.Vision, card.Reasoning).ShouldBe((1000, 50, true, true, false));
        models.Find("openrouter", "openrouter/auto").ShouldBeNull();
    }

    [Fact]
    public async Task Import_IsExtendedAndOwnPricesWin()
    {
        await WriteAsync("sluice.json", """{ "providers": { "mine": { "preset": "xai", "apiKey": "env:KEY" } } }""");
        await WriteAsync("public.json", Genai);

        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "catalog", "import", "public.json", "--out", "prices.json");
        code.ShouldBe(2, "the key of the configuration is not set");
        error.ShouldContain("KEY");

        await WriteAsync("sluice.json", """{ "providers": { "mine": { "preset": "xai", "baseUrl": "http://127.0.0.1:1" } } }""");
        (code, output, error) = await CliProcess.RunAsync(_directory.Path, "catalog", "import", "public.json", "--out", "prices.json");
        code.ShouldBe(0, error);
        output.ShouldContain("\"extends\"");

        await WriteAsync(
            "sluice.json",
            """
            { "extends": ["prices.json"], "providers": { "mine": { "preset": "xai", "baseUrl": "http://127.0.0.1:1" } },
              "models": { "mine/grok-x": { "price": { "output": "9" } } } }
            """
        );
        var price = await CliProcess.RunAsync(
            _directory.Path,
            "catalog",
            "price",
            "mine/grok-x",
            "--input",
            "50",
            "--output",
            "1",
            "--at",
            "2026-08-01T12:00:00Z",
            "--json"
        );
        price.Code.ShouldBe(0, price.Error);
        JsonDocument.Parse(price.Output).RootElement.GetProperty("cost").GetRawText().ShouldBe("0.005059");
    }

    [Fact]
    public async Task List_PriceThatABillWentBeyond_IsDoubtfulUntilTrusted()
    {
        await WriteAsync("sluice.json", """{ "providers": { "mine": { "preset": "xai", "baseUrl": "http://127.0.0.1:1" } } }""");
        await BookBeyondAsync("mine", "grok-4.3");
        Task<(int Code, string Output, string Error)> Run(params string[] arguments) =>
            CliProcess.RunAsync(_directory.Path, ["catalog", .. arguments, "--data", "data"]);

        var listed = await Run("list", "--doubtful");
        listed.Output.ShouldContain(
            "doubtful since 2030-01-15: mine billed 1 USD more than could be in 1 of its answers",
            customMessage: listed.Error
        );
        JsonDocument
            .Parse((await Run("list", "--json", "--doubtful")).Output)
            .RootElement.EnumerateArray()
            .Single()
            .GetProperty("doubtful")
            .GetProperty("excess")
            .GetDecimal()
            .ShouldBe(1);

        (await Run("trust", "mine/other")).Error.ShouldContain("--doubtful");
        (await Run("trust", "mine/grok-4.3")).Code.ShouldBe(0);
        (await Run("list", "--doubtful")).Output.ShouldNotContain("grok");
    }

    /// <summary>An answer that cost a dollar more than was held for it, on a day after every price was checked.</summary>
    private async Task BookBeyondAsync(string provider, string model)
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2030, 1, 15, 12, 0, 0, TimeSpan.Zero));
        await using var ledger = new DataDirectory(_directory.File("data")).OpenLedger(new LedgerSettings { RingSlots = 1024 }, time);
        var hold = ledger.TryHold(
            new HoldRecord
            {
                At = time.GetUtcNow(),
                Call = "call_1",
                Attempt = 1,
                RouteAsked = "r",
                Route = "r",
                Provider = provider,
                Model = model,
                Credential = $"{provider}#1",
                Amount = Credits.FromDollars(2),
            }
        );
        ledger.Settle(
            new SettlementRecord
            {
                HoldId = hold.Hold!.Id,
                At = time.GetUtcNow(),
                Outcome = EntryOutcome.Completed,
                Usage = Usage.None,
                Cost = Credits.FromDollars(3),
            }
        );
    }

    [Fact]
    public async Task Diff_ShowsNewChangedAndGoneAndLeavesLikeDiff()
    {
        await WriteAsync("public.json", Genai);

        var (code, text, error) = await CliProcess.RunAsync(
            _directory.Path,
            "catalog",
            "diff",
            "public.json",
            "--provider",
            "x-ai",
            "--at",
            "2026-08-01"
        );
        var json = (await CliProcess.RunAsync(_directory.Path, "catalog", "diff", "public.json", "--provider", "xai", "--json")).Output;

        code.ShouldBe(1, error);
        text.ShouldContain("new     xai/grok-x  input 1, output 0.1");
        text.ShouldContain("changed xai/grok-4.3  input 1.25 → 7, output 2.5 → 8, cacheRead 0.2 → none");
        text.ShouldContain("gone    xai/grok-beta ");
        var changed = JsonDocument
            .Parse(json)
            .RootElement.EnumerateArray()
            .Single(d => d.GetProperty("model").GetString() == "xai/grok-4.3");
        changed.GetProperty("rates").GetProperty("input").GetRawText().ShouldBe("""{"old":"1.25","new":"7"}""");

        await ImportAsync(Genai, "xai");
        var (_, after, _) = await CliProcess.RunAsync(_directory.Path, "catalog", "diff", "public.json", "--provider", "xai");
        after.ShouldContain("0 new, 0 changed");
    }

    [Fact]
    public async Task List_ShowsEveryRateAndWhenItHolds()
    {
        var (code, text, _) = await CliProcess.RunAsync(_directory.Path, "catalog", "list", "sonnet-5", "--provider", "anthropic");
        var json = JsonDocument.Parse((await CliProcess.RunAsync(_directory.Path, "catalog", "list", "--json")).Output).RootElement;

        code.ShouldBe(0);
        text.ShouldContain("cacheWrite1h 4, webSearchPerThousand 10");
        text.ShouldContain("from 2026-09-01: input 3");
        json.GetArrayLength().ShouldBeGreaterThan(500);
        (await CliProcess.RunAsync(_directory.Path, "catalog", "price", "openai/gpt-5-nan")).Error.ShouldContain(
            "did you mean 'gpt-5-nano'?"
        );
    }

    [Theory]
    [InlineData("{", ":1:2: not JSON")]
    [InlineData("{}", "the format is not known; known are genai-prices, litellm, openrouter")]
    [InlineData("[]", "the format is not known")]
    [InlineData("""[{"id": "xai", "models": {}}]""", "[0].models: {} is not a list")]
    [InlineData("""[{"id": "xai", "models": [{"id": "m", "prices": {}}]}]""", "[0].models[0]: 'match' is missing")]
    [InlineData("""[{"id": "xai", "models": [{"id": "m", "match": {"like": "m"}, "prices": {}}]}]""", "match.like: unknown condition")]
    [InlineData("""[{"id": "xai", "models": [{"id": "m", "match": {"regex": "("}, "prices": {}}]}]""", "match.regex: '(' is no pattern")]
    [InlineData(
        """[{"id": "xai", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": -1}}]}]""",
        "[0].models[0].prices.input_mtok: -1 is not an amount of dollars"
    )]
    [InlineData(
        """[{"id": "xai", "models": [{"id": "m", "match": {"equals": "m"}, "prices": [{"constraint": {"start_date": "soon"}, "prices": {}}]}]}]""",
        "prices[0].constraint.start_date: \"soon\" is not a day"
    )]
    [InlineData(
        """{"m": {"litellm_provider": "xai", "mode": "chat", "input_cost_per_token": "much"}}""",
        "['m'].input_cost_per_token: \"much\" is not an amount of dollars"
    )]
    [InlineData("""{"m": {"litellm_provider": "xai", "mode": "chat", "input_cost_per_token": 1e30}}""", "1e30 is not an amount of dollars")]
    [InlineData("""{"data": [{"id": "m"}]}""", "data[0]: 'pricing' is missing")]
    [InlineData("""{"data": [7]}""", "data[0]: 7 is not an object")]
    public async Task OddFile_NamesPlaceAndCure(string text, string expected)
    {
        await WriteAsync("odd.json", text);

        Should.Throw<UserException>(() => PriceFiles.Open(_directory.File("odd.json"))).Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("genai-prices.v2.json", 900)]
    [InlineData("litellm-model-prices.json", 800)]
    [InlineData("models-dev.json", 300)]
    public async Task PublicFiles_AreImportedWhole(string name, int least)
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("SLUICE_RECORDINGS") ?? "", "../pricing", name);
        Assert.SkipUnless(File.Exists(file), "SLUICE_RECORDINGS is not set, or has no pricing beside it");
        var list = PriceFiles.Open(file);
        var catalog = CatalogInForce.Read(null);
        var refresh = new PriceRefresh(list, catalog);
        var rows = CatalogData.Dialects().Values.Where(d => !d.Local).ToList();
        var vendors = rows.SelectMany(r => Vendors(refresh, r.Name)).DistinctBy(v => v.Row.Models).ToList();
        var models = vendors.SelectMany(v => refresh.Models(v.Name, v.Row)).ToList();
        models.Count.ShouldBeGreaterThan(least);

        await WriteAsync("prices.json", PriceFragment.Write(list.Format, models));
        var providers = string.Join(", ", vendors.Select(v => $$"""  "{{v.Name}}": {}"""));
        var snapshot = new ConfigurationCompiler(_ => "key").CompileText(
            $$"""{ "extends": ["prices.json"], "providers": { {{providers}} } }""",
            _directory.Path,
            0
        );

        foreach (var model in models)
        {
            var (name1, id) = model.Name.Split('/', 2) is [var p, var i] ? (p, i) : default;
            var card = snapshot.Models.Find(snapshot.Providers[name1].Dialect.Models, id)!;
            PriceWords.Price(card.Price!).ToJsonString().ShouldBe(PriceWords.Price(model.Price).ToJsonString(), model.Name);
            PriceWords
                .Schedule(card.Schedule)
                .ToJsonString()
                .ShouldBe(PriceWords.Schedule(model.Listed.Schedule).ToJsonString(), model.Name);
        }
    }

    public void Dispose() => _directory.Dispose();

    private static IReadOnlyList<(string Name, Dialect Row)> Vendors(PriceRefresh refresh, string name)
    {
        try
        {
            return refresh.Vendors([name]);
        }
        catch (UserException)
        {
            return [];
        }
    }

    /// <summary>A configuration that extends what an import of this text writes.</summary>
    private async Task<Snapshot> ImportAsync(string text, string provider)
    {
        await WriteAsync("public.json", text);
        var (code, _, error) = await CliProcess.RunAsync(
            _directory.Path,
            "catalog",
            "import",
            "public.json",
            "--provider",
            provider,
            "--out",
            "prices.json"
        );
        code.ShouldBe(0, error);
        var name = provider == "x-ai" ? "xai" : provider;
        await WriteAsync(
            "sluice.json",
            $$"""{ "extends": ["prices.json"], "providers": { "{{name}}": { "baseUrl": "http://127.0.0.1:1" } } }"""
        );
        return new ConfigurationCompiler(_ => "key").CompileFile(_directory.File("sluice.json"), 0);
    }

    private static IEnumerable<decimal> Inputs(ModelCard card, params string[] moments) =>
        moments.Select(m => card.PriceAt(DateTimeOffset.Parse(m, CultureInfo.InvariantCulture))!.Input);

    private Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(_directory.File(name), text, TestContext.Current.CancellationToken);
}
