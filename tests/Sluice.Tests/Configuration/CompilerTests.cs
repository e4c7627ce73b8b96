using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Routing;
using Sluice.Testing;

namespace Sluice.Tests.Configuration;

public sealed class CompilerTests
{
    private const string Providers = """
        "providers": { "anthropic": { "apiKey": "env:KEY" }, "groq": { "apiKeys": ["env:KEY", "env:KEY2"] } }
        """;

    [Theory]
    [InlineData(
        """{ PROVIDERS, "routes": { "a": { "targets": ["antropic/claude-sonnet-4-6"] } } }""",
        "routes.a.targets[0]: provider 'antropic' is not configured; did you mean 'anthropic'?"
    )]
    [InlineData(
        """{ PROVIDERS, "routes": { "a": { "targets": ["anthropic/claude-sonet-4-6"] } } }""",
        "routes.a.targets[0]: 'anthropic' has no model 'claude-sonet-4-6' in the catalogue; did you mean 'claude-sonnet-4-6'? Otherwise write it as an object with \"unlisted\": true and a \"price\""
    )]
    [InlineData("""{ PROVIDERS, "routs": {} }""", "routs: unknown member 'routs'; did you mean 'routes'?")]
    [InlineData(
        """{ PROVIDERS, "routes": { "a": { "tier": "free", "targets": ["groq/llama-3.1-8b-instant"], "fallback": "b" }, "b": { "tier": "free", "default": true, "targets": ["groq/llama-3.1-8b-instant"] } } }""",
        "routes.a.fallback: a free route is terminal and has no fallback; remove it, or raise the route's tier"
    )]
    [InlineData(
        """{ PROVIDERS, "routes": { "a": { "targets": ["groq/llama-3.1-8b-instant"], "fallback": "b" }, "b": { "tier": "premium", "default": true, "targets": ["groq/llama-3.1-8b-instant"] } } }""",
        "routes.a.fallback: 'b' is premium, above standard; fall back to a route of the same or a lower tier"
    )]
    [InlineData(
        """{ PROVIDERS, "routes": { "a": { "default": true, "targets": ["groq/llama-3.1-8b-instant"], "fallback": "b" }, "b": { "targets": ["groq/llama-3.1-8b-instant"], "fallback": "a" } } }""",
        "routes.a.fallback: the fallbacks form a circle: a → b → a; break it"
    )]
    [InlineData(
        """{ PROVIDERS, "routes": { "a": { "targets": ["groq/llama-3.1-8b-instant"] }, "b": { "targets": ["groq/llama-3.1-8b-instant"] } } }""",
        "routes: no route is the default; set \"default\": true on exactly one"
    )]
    [InlineData(
        """{ PROVIDERS, "routes": { "a": { "placeholder": true, "targets": ["groq/llama-3.1-8b-instant"] } } }""",
        "routes.a: a placeholder has a target or a fallback; remove them, or write \"placeholder\": false"
    )]
    [InlineData(
        """{ "providers": { "openai": { "apiKey": "env:KEY", "auth": "basic" } } }""",
        "providers.openai.auth: 'basic' is not known; known are bearer, x-api-key, api-key, x-goog-api-key, none"
    )]
    [InlineData(
        """{ "providers": { "openai": { "apiKey": "sk-live" } } }""",
        "providers.openai.apiKey: a secret is written out; put it into the environment or a file and write \"env:NAME\" or \"file:PATH\""
    )]
    [InlineData(
        """{ "providers": { "openai": { "apiKey": "env:NOT_SET" } } }""",
        "providers.openai.apiKey: the environment variable NOT_SET is not set; set it, or write \"env:NOT_SET:-default\""
    )]
    [InlineData(
        """{ PROVIDERS, "budgets": [{ "name": "m", "limit": "5 USD", "unknownPrice": "guess" }] }""",
        "budgets[0].unknownPrice: 'guess' is not known; known are refuse, allow"
    )]
    [InlineData(
        """{ PROVIDERS, "budgets": [{ "name": "m", "limit": "much" }] }""",
        "budgets[0].limit: \"much\" is not an amount of dollars; write \"2.50\" or \"500 USD\""
    )]
    [InlineData(
        """{ PROVIDERS, "budgets": [{ "name": "trial", "limit": "5 USD", "each": "user", "per": "total" }] }""",
        "budgets[0].per: the ledger forgets end users sooner than this window ends; choose a shorter one, or a longer \"retention\" of the ledger; 0s keeps them for good"
    )]
    [InlineData("""{ PROVIDERS, "ledger": { "anchorEvery": "10ms" } }""", "ledger.anchorEvery: 10ms is too short a time; write 1s or more")]
    [InlineData(
        """{ PROVIDERS, "routes": { "a": { "targets": [{ "provider": "groq", "model": "llama-3.1-8b-instant", "parameters": { "max_tokens": "many" } }] } } }""",
        "routes.a.targets[0].parameters.max_tokens: \"many\" is no number of tokens or answers; write a whole number above 0"
    )]
    [InlineData(
        """{ PROVIDERS, "routes": { "a": { "targets": [{ "provider": "groq", "model": "llama-3.1-8b-instant", "parameters": { "model": "b" } }] } } }""",
        "routes.a.targets[0].parameters.model: cannot be fixed for a target; leave it out"
    )]
    [InlineData(
        """{ PROVIDERS, "routes": { "a": { "targets": ["groq/llama-3.1-8b-instant"], "deadline": "soon" } } }""",
        "routes.a.deadline: 'soon' is not a duration; write a number and a unit: 250ms, 5s, 10m, 1h"
    )]
    [InlineData(
        """{ "providers": { "openai": { "apiKey": "env:KEY:-sk-live-1" } } }""",
        "providers.openai.apiKey: a secret has a default; a key written there would stand in the file; write \"env:NAME\" alone"
    )]
    public void Error_NamesPathValueAndCure(string text, string expected)
    {
        var exception = Should.Throw<ConfigurationException>(() => Compile(text));

        exception.Errors.Select(e => e.ToString()).ShouldContain(expected);
        exception.Message.ShouldNotContain("sk-live");
    }

    [Fact]
    public void Syntax_NamesLineAndColumn() =>
        Should.Throw<ConfigurationException>(() => Compile("{\n  \"routes\": oops\n}")).Message.ShouldContain(":2:");

    [Fact]
    public void DuplicateMember_IsAnError() => Should.Throw<ConfigurationException>(() => Compile("""{ "pins": true, "pins": false }"""));

    [Fact]
    public void Contract_LoadsAsItStands()
    {
        var snapshot = new ConfigurationCompiler(_ => null).CompileFile(Repository.PathOf("samples/Aegis/aegis-core.sluice.json"), 1);

        snapshot.Routes["claude"].Targets.Single().Name.ShouldBe("anthropic/claude-sonnet-4-6");
        snapshot.Routes["claude"].Fallback.Otherwise.ShouldBe("gpt_oss");
        snapshot.Routes["workers_ai"].Default.ShouldBeTrue();
        snapshot.Warnings.Length.ShouldBe(4);
        Should.Throw<RouteNotFoundException>(() => snapshot.Table.Resolve("cerebras_mid")).Message.ShouldContain("placeholder");
        Should.Throw<RouteNotFoundException>(() => snapshot.Table.Resolve("direct")).Message.ShouldContain("calls no model");
    }

    [Fact]
    public void Contract_TakesModelsFromTheEnvironment() =>
        new ConfigurationCompiler(name => name == "CLAUDE_MODEL" ? "claude-haiku-4-5" : null)
            .CompileFile(Repository.PathOf("samples/Aegis/aegis-core.sluice.json"), 1)
            .Routes["claude"]
            .Targets.Single()
            .Model.ShouldBe("claude-haiku-4-5");

    [Fact]
    public void Reload_OfABadFile_KeepsTheLastGoodOne()
    {
        using var directory = new TempDirectory();
        var file = directory.File("sluice.json");
        File.WriteAllText(file, $"{{ {Providers} }}");
        var compiler = new ConfigurationCompiler(_ => "key");
        var live = new LiveConfiguration(revision => compiler.CompileFile(file, revision));
        File.WriteAllText(file, "{");

        Should.Throw<ConfigurationException>(live.Reload);

        (live.Current.Revision, live.Rejected is not null).ShouldBe((1, true));
        File.WriteAllText(file, $"{{ {Providers} }}");
        live.Reload().Revision.ShouldBe(1);
        live.Rejected.ShouldBeNull();
        File.WriteAllText(file, $"{{ {Providers}, \"pins\": false }}");
        live.Reload().Revision.ShouldBe(2);
    }

    [Fact]
    public void StarterFiles_Load()
    {
        var compiler = new ConfigurationCompiler(name => name is "ANTHROPIC_API_KEY" or "GROQ_API_KEY" ? "key" : null);

        compiler.CompileText(StarterConfiguration.Commented, ".", 1).Table.Default!.Name.ShouldBe("assistant");
        var found = StarterConfiguration.FromEnvironment(
            name => name is "ANTHROPIC_API_KEY" or "GROQ_API_KEY" ? "key" : null,
            ollama: true
        )!;
        compiler
            .CompileText(found, ".", 1)
            .Table.Default!.Targets.Select(t => t.Name)
            .ShouldBe(["anthropic/claude-sonnet-4-6", "groq/openai/gpt-oss-120b", "ollama/llama3.2"]);
        StarterConfiguration.FromEnvironment(_ => null, ollama: false).ShouldBeNull();
    }

    [Theory]
    [InlineData("claude-sonnet-4-6", "claude-sonnet-4-6", false)]
    [InlineData("anthropic/claude-haiku-4-5", "anthropic/claude-haiku-4-5", true)]
    [InlineData("gpt-4o-2024-11-20", "openai/*", false)]
    [InlineData("openai/gpt-9", "openai/*", false)]
    [ChangesBehaviour("root.routes", "route.default", "route.targets", "route.use")]
    public void Name_ResolvesInOrder(string name, string route, bool pinned)
    {
        var snapshot = Compile(
            """{ PROVIDERS, "routes": { "a": { "default": true, "targets": ["groq/llama-3.1-8b-instant"] }, "openai/*": { "targets": ["groq/llama-3.1-8b-instant"] }, "gpt-*": { "use": "openai/*" } } }"""
        );

        var found = snapshot.Table.Resolve(name);

        (found.Name == "gpt-*" ? "openai/*" : found.Name, found.Pinned).ShouldBe((route, pinned));
    }

    [Theory]
    [InlineData(
        """{ "preset": "azure", "resource": "acme", "apiKey": "env:KEY" }""",
        "https://acme.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
        "api-key"
    )]
    [InlineData(
        """{ "preset": "azure", "resource": "acme", "apiVersion": "2025-04-01-preview", "auth": "bearer", "apiKey": "env:KEY" }""",
        "https://acme.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2025-04-01-preview",
        "bearer"
    )]
    [InlineData(
        """{ "preset": "azure-v1", "resource": "acme", "apiKey": "env:KEY" }""",
        "https://acme.openai.azure.com/openai/v1/chat/completions",
        "api-key"
    )]
    [InlineData("""{ "preset": "vllm", "baseUrl": "http://127.0.0.1:9/v1" }""", "http://127.0.0.1:9/v1/chat/completions", "bearer")]
    [ChangesBehaviour("root.providers", "provider.preset", "provider.resource", "provider.apiVersion", "provider.auth", "provider.baseUrl")]
    public void Provider_HasTheAddressAndAuthenticationOfItsRow(string provider, string address, string auth)
    {
        var compiled = Compile($$"""{ "providers": { "p": {{provider}} } }""").Providers["p"];

        compiled.Address.Of("my gpt", stream: true).AbsoluteUri.ShouldBe(address);
        AuthName.Of(compiled.Dialect.Auth).ShouldBe(auth);
        compiled.Missing.ShouldBeNull();
    }

    public static TheoryData<string> KeyedVendors() =>
        [.. CatalogData.Dialects().Values.Where(d => d.KeyVariables.Count > 0).Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(KeyedVendors))]
    public void KeyOfAnyVendor_Alone_MakesAConfigurationToServe(string vendor)
    {
        var dialect = CatalogData.Dialects()[vendor];
        var set = dialect
            .Variables.Values.Where(v => v.Default is null)
            .Select(v => v.Environment[0])
            .Prepend(dialect.KeyVariables[0])
            .ToHashSet();
        string? Environment(string name) => set.Contains(name) ? "x" : null;

        var text = StarterConfiguration.FromEnvironment(Environment, ollama: false)!;

        var snapshot = new ConfigurationCompiler(Environment).CompileText(text, "/", 1);
        snapshot.Providers.Values.ShouldContain(p => p.Missing == null && p.Dialect.KeyVariables.Contains(dialect.KeyVariables[0]));
    }

    [Fact]
    public void Catalogue_IsConsistent()
    {
        var cards = CatalogData.Models();

        cards.Count.ShouldBeGreaterThanOrEqualTo(60);
        cards.Select(c => (c.Provider, c.Id)).ShouldBeUnique();
        cards.ShouldAllBe(c => c.MaxOutput <= c.ContextWindow && c.Price != null && c.Price.Output >= 0);
        cards.Select(c => c.Provider).Distinct().ShouldBeSubsetOf(CatalogData.Dialects().Keys);
        new ModelCatalog(cards).Find("openai", "gpt-4o-mini-2024-07-18")!.Id.ShouldBe("gpt-4o-mini");
    }

    private static Snapshot Compile(string text) =>
        new ConfigurationCompiler(name => name is "KEY" or "KEY2" ? "a-key" : null).CompileText(
            text.Replace("PROVIDERS", Providers, StringComparison.Ordinal),
            ".",
            1
        );
}
