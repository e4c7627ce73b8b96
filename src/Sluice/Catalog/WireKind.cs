namespace Sluice.Catalog;

/// <summary>A protocol spoken with a provider or a client.</summary>
public enum WireKind
{
    /// <summary>OpenAI Chat Completions: <c>openai-chat</c>.</summary>
    OpenAiChat,

    /// <summary>Anthropic Messages: <c>anthropic-messages</c>.</summary>
    AnthropicMessages,
}
