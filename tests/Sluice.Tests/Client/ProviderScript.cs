using System.Text;
using System.Text.Json;

namespace Sluice.Tests.Client;

/// <summary>How one provider says a given content: whole and as a stream, by hand and not by the product's own writers.</summary>
/// <param name="Preset">The vendor.</param>
/// <param name="Model">A model of its that thinks, sees and reads.</param>
/// <param name="Turns">The member of a request that holds the conversation.</param>
/// <param name="Whole">The body of an unstreamed answer.</param>
/// <param name="Stream">The body of a streamed one.</param>
internal sealed record ProviderScript(
    string Preset,
    string Model,
    string Turns,
    Func<JsonElement, string, string> Whole,
    Func<JsonElement, string, byte[]> Stream,
    string StreamType = "text/event-stream"
)
{
    /// <summary>By the names of wires, and of vendors where they differ from each other.</summary>
    public static IReadOnlyDictionary<string, ProviderScript> All { get; } =
        new Dictionary<string, ProviderScript>
        {
            ["anthropic-messages"] = new("anthropic", "claude-sonnet-4-6", "messages", MessagesScript.Whole, MessagesScript.Stream),
            ["openai-responses"] = new("openai-responses", "gpt-5-mini", "input", ResponsesScript.Whole, ResponsesScript.Stream),
            ["gemini"] = new("gemini", "gemini-2.5-flash", "contents", GeminiScript.Whole, GeminiScript.Stream),
            ["openai-chat"] = new("openai", "gpt-5-mini", "messages", ChatScript.Whole, ChatScript.Stream),
            ["openrouter"] = new("openrouter", "anthropic/claude", "messages", ChatScript.Whole, ChatScript.Stream),
            ["bedrock-converse"] = new(
                "bedrock",
                "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                "messages",
                ConverseScript.Whole,
                ConverseScript.Stream,
                "application/vnd.amazon.eventstream"
            ),
            ["ollama"] = new("ollama", "llava", "messages", OllamaScript.Whole, OllamaScript.Stream, "application/x-ndjson"),
            ["workers-ai"] = new("workers-ai", "@cf/meta/llama", "messages", WorkersAiScript.Whole, WorkersAiScript.Stream),
        };

    /// <summary>Two pieces of a text, so that every stream has something to put together.</summary>
    public static IEnumerable<string> Halves(string? text) =>
        string.IsNullOrEmpty(text) ? []
        : text.Length == 1 ? [text]
        : [text[..(text.Length / 2)], text[(text.Length / 2)..]];

    public static byte[] Events(IEnumerable<string> data, string end = "") =>
        Encoding.UTF8.GetBytes(string.Concat(data.Select(d => $"data: {d}\n\n")) + end);

    public static string Quote(string text) => JsonSerializer.Serialize(text);
}
