namespace Sluice.Cli.Scenarios.Clients;

/// <summary>The protocols that scenarios are told in.</summary>
internal static class ScenarioClients
{
    private static readonly IScenarioClient[] All =
    [
        new ChatClient(),
        new MessagesClient(),
        new ResponsesClient(),
        new GeminiClient(),
        new OllamaClient(),
    ];

    /// <summary>Wires of providers that no client speaks, with a vendor of each.</summary>
    private static readonly (string Wire, string Preset)[] Others = [("bedrock", "bedrock"), ("workers-ai", "workers-ai")];

    public static IEnumerable<string> Names => All.Select(c => c.Name);

    public static IEnumerable<string> Wires => Names.Concat(Others.Select(o => o.Wire));

    public static IScenarioClient? Find(string name) => Array.Find(All, c => c.Name == name);

    /// <summary>A vendor of a wire.</summary>
    public static string? PresetOf(string wire) => Find(wire)?.Preset ?? Array.Find(Others, o => o.Wire == wire).Preset;
}
