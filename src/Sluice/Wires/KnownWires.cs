using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.BedrockConverse;
using Sluice.Wires.Gemini;
using Sluice.Wires.Ollama;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.OpenAiEmbeddings;
using Sluice.Wires.OpenAiResponses;
using Sluice.Wires.WorkersAi;

namespace Sluice.Wires;

/// <summary>The wires there are.</summary>
internal static class KnownWires
{
    public static WireTable Create() =>
        new(
            new OpenAiChatWire(),
            new AnthropicWire(),
            new ResponsesWire(),
            new GeminiWire(),
            new OllamaWire(),
            new WorkersAiWire(),
            new BedrockWire(),
            new EmbeddingsWire()
        );
}
