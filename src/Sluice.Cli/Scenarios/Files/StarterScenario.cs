using Sluice.Configuration;
using Sluice.Configuration.Revisions;

namespace Sluice.Cli.Scenarios.Files;

/// <summary>A policy test to begin with, of the configuration that `sluice init` writes.</summary>
internal static class StarterScenario
{
    /// <summary>What it is called beside the configuration.</summary>
    public const string File = "outage.scenario.json";

    /// <param name="configurationFile">The name of the file that <see cref="StarterConfiguration.Commented"/> was written to.</param>
    public static string Text(string configurationFile) =>
        $$"""
            {
              "$schema": "./{{ScenarioMembers.SchemaFile}}",
              "name": "While Anthropic is overloaded, the small model answers",
              "configurationFile": {{ReadableJson.Of(configurationFile)}},
              "for": { "stream": [true, false] },
              // What goes wrong; no provider is called, whatever keys there are.
              "faults": { "anthropic/claude-sonnet-4-6": { "status": 529 } },
              "calls": [
                {
                  "route": "assistant",
                  "expect": { "status": 200, "route": "small", "target": "local/llama3.2", "complete": true, "cost": 0, "elapsed": { "max": "15s" } }
                }
              ]
            }

            """;
}
