namespace Sluice.Catalog;

/// <summary>A protocol spoken with a provider or a client.</summary>
public enum WireKind
{
    /// <summary>OpenAI Chat Completions: <c>openai-chat</c>.</summary>
    OpenAiChat,

    /// <summary>Anthropic Messages: <c>anthropic-messages</c>.</summary>
    AnthropicMessages,

    /// <summary>OpenAI Responses: <c>openai-responses</c>.</summary>
    OpenAiResponses,

    /// <summary>Gemini, as Google AI and Vertex AI speak it: <c>gemini</c>.</summary>
    Gemini,

    /// <summary>Ollama's own: <c>ollama</c>.</summary>
    Ollama,

    /// <summary>Cloudflare Workers AI's native endpoint: <c>workers-ai</c>.</summary>
    WorkersAi,

    /// <summary>Amazon Bedrock Converse: <c>bedrock-converse</c>.</summary>
    BedrockConverse,

    /// <summary>OpenAI Embeddings, beside whichever of the others a provider speaks: <c>openai-embeddings</c>.</summary>
    OpenAiEmbeddings,
}
