using System.Buffers;
using Microsoft.AspNetCore.Http;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;

namespace Sluice.Gateway.Protocols.Gemini;

/// <summary>A stream whose client did not ask for events: its answer is an array, and so is an error instead of one.</summary>
/// <param name="events">The same with events.</param>
internal sealed class GeminiArrayProtocol(GeminiProtocol events) : IClientProtocol
{
    public WireKind Wire => events.Wire;

    public string StreamType => "application/json; charset=UTF-8";

    public IStreamForm Form() => new GeminiArray();

    public RequestAddress AddressOf(HttpRequest request) => events.AddressOf(request);

    public byte[] Error(ClientError error) => [.. "["u8, .. events.Error(error), .. "\n]\n"u8];

    public byte[] ErrorEvent(ClientError error) => events.ErrorEvent(error);

    /// <summary>An array has no comments: the receipt is its last element, for those who ask.</summary>
    public void WriteReceipt(Receipt receipt, IBufferWriter<byte> output)
    {
        output.Write("data: {\"sluice\":"u8);
        ReceiptJson.Write(receipt, output);
        output.Write("}\r\n\r\n"u8);
    }
}
