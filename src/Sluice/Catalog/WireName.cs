namespace Sluice.Catalog;

/// <summary>Wires by the names that data files, configuration and command line use.</summary>
internal static class WireName
{
    private static readonly (WireKind Kind, string Name)[] Names =
    [
        (WireKind.OpenAiChat, "openai-chat"),
        (WireKind.AnthropicMessages, "anthropic-messages"),
        (WireKind.OpenAiResponses, "openai-responses"),
        (WireKind.Gemini, "gemini"),
        (WireKind.Ollama, "ollama"),
        (WireKind.WorkersAi, "workers-ai"),
        (WireKind.BedrockConverse, "bedrock-converse"),
        (WireKind.OpenAiEmbeddings, "openai-embeddings"),
    ];

    public static IEnumerable<string> All => Names.Select(n => n.Name);

    public static string Of(WireKind kind) => Array.Find(Names, n => n.Kind == kind).Name;

    /// <summary>The wire of this name, or <see langword="null"/>.</summary>
    public static WireKind? Parse(string name) => Array.Find(Names, n => n.Name == name) is { Name: not null } found ? found.Kind : null;
}
