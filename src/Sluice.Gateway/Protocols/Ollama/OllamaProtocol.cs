using System.Buffers;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Ollama;

namespace Sluice.Gateway.Protocols.Ollama;

/// <summary>Ollama's chat, or its single prompt, towards its clients: answers in lines, errors of one word and a text.</summary>
internal sealed class OllamaProtocol : IClientProtocol
{
    private readonly IWire? _own;

    private OllamaProtocol(IWire? own) => _own = own;

    /// <summary><c>/api/chat</c>.</summary>
    public static OllamaProtocol Chat { get; } = new(own: null);

    /// <summary><c>/api/generate</c>.</summary>
    public static OllamaProtocol Prompt { get; } = new(new OllamaPromptWire());

    public WireKind Wire => WireKind.Ollama;

    public IWire In(WireTable wires) => _own ?? wires[Wire];

    public string StreamType => "application/x-ndjson";

    public byte[] Error(ClientError error) => ErrorText.Utf8(new JsonObject { ["error"] = error.Message });

    public byte[] ErrorEvent(ClientError error) => [.. Error(error), .. "\n"u8];

    /// <summary>A line of its own behind the last one, for those who ask.</summary>
    public void WriteReceipt(Receipt receipt, IBufferWriter<byte> output)
    {
        output.Write("{\"sluice\":"u8);
        ReceiptJson.Write(receipt, output);
        output.Write("}\n"u8);
    }
}
