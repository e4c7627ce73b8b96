using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.OpenAiChat;

namespace Sluice.Wires;

/// <summary>The wires there are.</summary>
internal static class KnownWires
{
    public static WireTable Create() => new(new OpenAiChatWire(), new AnthropicWire());
}
