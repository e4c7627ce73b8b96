using System.Text;
using Sluice.Catalog;

namespace Sluice.Configuration;

/// <summary>Configurations to begin with: one to edit, and one from the keys that are at hand.</summary>
internal static class StarterConfiguration
{
    private static readonly (string Preset, string Model)[] Preferred =
    [
        ("anthropic", "claude-sonnet-4-6"),
        ("openai", "gpt-5-mini"),
        ("gemini", "gemini-3.5-flash"),
        ("cerebras", "gpt-oss-120b"),
        ("groq", "openai/gpt-oss-120b"),
        ("cloudflare", "@cf/openai/gpt-oss-120b"),
    ];

    /// <summary>What `sluice init` writes.</summary>
    public static string Commented { get; } =
        """
            {
              "$schema": "./sluice.schema.json",
              // The key is taken from ANTHROPIC_API_KEY, or from elsewhere by a reference: "apiKey": "env:NAME" or "file:PATH".
              "providers": {
                "anthropic": {},
                "local": { "preset": "ollama", "baseUrl": "http://127.0.0.1:11434", "local": true }
              },
              // Callers name a route, never a vendor.
              "routes": {
                "assistant": {
                  "tier": "premium",
                  "default": true,
                  "targets": ["anthropic/claude-sonnet-4-6"],
                  "fallback": "small",
                  "deadline": "120s"
                },
                "small": { "tier": "free", "targets": ["local/llama3.2"] }
              },
              // Hard: the sum of all calls never exceeds it.
              "budgets": [{ "name": "month", "limit": "50 USD", "per": "month" }]
            }

            """;

    /// <summary>Binds the shipped contract to the keys found and a local Ollama; <see langword="null"/> when there is no provider at all.</summary>
    /// <param name="environment">Where keys are looked for.</param>
    /// <param name="ollama">Whether a local Ollama answers.</param>
    public static string? FromEnvironment(Func<string, string?> environment, bool ollama)
    {
        var found = CatalogData
            .Dialects()
            .Values.Where(d => (KeyOf(d, environment) is not null || HasLogin(d, environment)) && HasAccount(d, environment))
            .DistinctBy(d => d.Models)
            .ToList();
        if (found.Count == 0 && !ollama)
        {
            return null;
        }

        var targets = found
            .OrderBy(Rank)
            .Select(d => (d.Name, Model: ModelOf(d)))
            .Where(t => t.Model is not null)
            .Select(t => $"\"{t.Name}/{t.Model}\"")
            .ToList();
        if (ollama)
        {
            targets.Add("\"ollama/llama3.2\"");
        }

        var text = new StringBuilder("{\n  \"extends\": [\"aegis-core.sluice.json\"],\n  \"providers\": {");
        text.AppendJoin(
            ",",
            found.Select(d => $"\n    \"{d.Name}\": {(KeyOf(d, environment) is { } key ? $"{{ \"apiKey\": \"env:{key}\" }}" : "{}")}")
        );
        if (ollama)
        {
            text.Append(found.Count > 0 ? "," : "").Append("\n    \"ollama\": { \"local\": true }");
        }

        text.Append("\n  },");
        if (targets.Count > 0)
        {
            text.Append(
                "\n  \"routes\": {\n    \"workers_ai\": { \"default\": false },\n    \"default\": { \"tier\": \"premium\", \"default\": true, \"targets\": ["
            );
            text.AppendJoin(", ", targets).Append("] }\n  },");
        }

        text.Append("\n  \"pins\": true\n}\n");
        return text.ToString();
    }

    private static int Rank(Dialect dialect) =>
        Array.FindIndex(Preferred, p => p.Preset == dialect.Name) is >= 0 and var place ? place : Preferred.Length;

    /// <summary>The model a default route takes of a vendor; <see langword="null"/> where the catalogue knows none.</summary>
    private static string? ModelOf(Dialect dialect) =>
        Array.Find(Preferred, p => p.Preset == dialect.Name).Model
        ?? CatalogData
            .Models()
            .FirstOrDefault(c => c.Provider == dialect.Models && c is { Tools: true, Lifecycle: ModelLifecycle.Current })
            ?.Id;

    private static bool IsSet(Func<string, string?> environment, string name) => !string.IsNullOrEmpty(environment(name));

    private static string? KeyOf(Dialect dialect, Func<string, string?> environment) =>
        dialect.KeyVariables.FirstOrDefault(v => IsSet(environment, v));

    private static bool HasLogin(Dialect dialect, Func<string, string?> environment) =>
        LoginName.VariablesOf(dialect.Login) is { Count: > 0 } variables && variables.All(v => IsSet(environment, v));

    private static bool HasAccount(Dialect dialect, Func<string, string?> environment) =>
        dialect.Variables.Values.All(v => v.Default is not null || v.Environment.Any(name => IsSet(environment, name)));
}
