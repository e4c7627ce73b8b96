using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.Cli.Scenarios.Chaos;

/// <summary>What is configured in a chaos run: every order, fallbacks, a pool, hedges, streams that go on, rules, and budgets that run out.</summary>
internal static class ChaosWorld
{
    /// <summary>What a call costs about, so that budgets can be made too small.</summary>
    private const decimal UsualCost = 0.0002m;

    private const string Text = """
        {
          "providers": {
            "alpha": { "preset": "openai", "apiKeys": ["env:FIRST_KEY", "env:SECOND_KEY", "env:THIRD_KEY"] },
            "beta": { "preset": "anthropic", "apiKey": "env:BETA_KEY" },
            "gamma": { "preset": "gemini", "apiKey": "env:GAMMA_KEY" },
            "zeta": { "preset": "groq", "apiKey": "env:ZETA_KEY" },
            "local": { "preset": "ollama", "local": true }
          },
          "routes": {
            "best": {
              "tier": "premium", "role": "thinker", "deadline": "20s", "maxOutput": 300, "hedge": "3s", "onCut": "continue",
              "targets": ["beta/claude-sonnet-4-6", "alpha/gpt-4.1"], "fallback": "good"
            },
            "good": {
              "tier": "standard", "role": "worker", "deadline": "15s", "maxOutput": 300, "order": "weighted", "stickyBy": "tenant",
              "targets": [{ "provider": "gamma", "model": "gemini-2.5-flash", "weight": 2 }, { "provider": "alpha", "model": "gpt-4.1-mini" }],
              "fallback": "free"
            },
            "cheap": {
              "tier": "standard", "role": "worker", "deadline": "12s", "maxOutput": 300, "order": "cheapest", "onCut": "continue",
              "targets": ["gamma/gemini-2.5-flash", "alpha/gpt-4.1-mini", "zeta/llama-3.1-8b-instant"], "retry": { "attempts": 0 }
            },
            "spread": {
              "tier": "standard", "deadline": "15s", "maxOutput": 300, "order": "leastLoaded", "hedge": "1s",
              "targets": ["alpha/gpt-4.1-mini", "gamma/gemini-2.5-flash"], "fallback": "free"
            },
            "soon": {
              "tier": "standard", "deadline": "10s", "maxOutput": 300, "order": "leastLatency", "onCut": "continue",
              "targets": ["zeta/llama-3.1-8b-instant", "gamma/gemini-2.5-flash", "alpha/gpt-4.1-mini"]
            },
            "eyes": {
              "tier": "standard", "deadline": "15s", "maxOutput": 300, "onUnsupported": "error",
              "targets": ["zeta/llama-3.1-8b-instant", "gamma/gemini-2.5-flash"]
            },
            "alone": { "tier": "standard", "deadline": "10s", "maxOutput": 300, "targets": ["zeta/llama-3.1-8b-instant"] },
            "moving": { "tier": "standard", "deadline": "10s", "maxOutput": 300, "targets": ["alpha/gpt-4.1-mini"] },
            "free": { "tier": "free", "default": true, "deadline": "10s", "targets": ["local/llama3.2", "local/llama3.1"] }
          },
          "policy": [
            { "when": { "task": "trivial" }, "use": "cheap", "because": "a trivial task needs no more" },
            { "when": { "route": "best", "budgetAbove": 0.9, "budget": "everything" }, "use": "good", "because": "near the limit" }
          ]
        }
        """;

    /// <summary>What is laid over it while it runs, one after the other; what is to be refused last.</summary>
    public static IReadOnlyList<JsonObject> Changes { get; } =
    [
        Parse("""{ "routes": { "moving": { "targets": ["gamma/gemini-2.5-flash"] }, "spread": { "order": "listed" } } }"""),
        Parse("""{ "routes": { "best": { "hedge": null }, "cheap": { "retry": { "attempts": 2 } } } }"""),
        Parse("""{ "routes": { "moving": { "targets": ["alpha/gpt-4.1-mini"] }, "spread": { "order": "weighted" } } }"""),
        Parse("""{ "routes": { "best": { "hedge": "2s" }, "good": { "retry": { "attempts": 1 } } } }"""),
        Parse("""{ "routes": { "good": { "fallback": "best" } } }"""),
    ];

    /// <summary>Where <c>moving</c> leads after each change.</summary>
    public const string Moving = "moving";

    public static IReadOnlyList<string> Tenants { get; } = ["ash", "birch", "cedar", "elm", "fir", "oak", "pine", "yew"];

    /// <summary>The limit of each budget, by its name; the hard ones that must never be passed.</summary>
    public static IReadOnlyDictionary<string, decimal> Limits(int calls) =>
        new Dictionary<string, decimal>
        {
            ["everything"] = Rounded(calls * UsualCost),
            ["tenants"] = Rounded(calls * UsualCost / Tenants.Count * 0.6m),
            ["roles"] = Rounded(calls * UsualCost * 0.35m),
        };

    public static JsonObject Configuration(int calls)
    {
        var configuration = Parse(Text);
        var limits = Limits(calls);
        configuration["budgets"] = new JsonArray(
            Budget("everything", limits, "total", null, "hard"),
            Budget("tenants", limits, "hour", "tenant", "hard"),
            Budget("roles", limits, "hour", "role", "downshift")
        );
        return configuration;
    }

    private static JsonObject Budget(string name, IReadOnlyDictionary<string, decimal> limits, string per, string? each, string mode)
    {
        var budget = new JsonObject
        {
            ["name"] = name,
            ["limit"] = string.Create(CultureInfo.InvariantCulture, $"{limits[name]} USD"),
            ["per"] = per,
            ["mode"] = mode,
        };
        if (each is not null)
        {
            budget["each"] = each;
        }

        return budget;
    }

    private static decimal Rounded(decimal dollars) => Math.Round(dollars + 0.005m, 3);

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
