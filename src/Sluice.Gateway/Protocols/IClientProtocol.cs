using System.Buffers;
using Microsoft.AspNetCore.Http;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;

namespace Sluice.Gateway.Protocols;

/// <summary>One protocol towards its clients: where a request says what it wants, and how a failure and a receipt are told.</summary>
internal interface IClientProtocol
{
    WireKind Wire { get; }

    /// <summary>Its wire among those spoken with providers, or one that only clients speak.</summary>
    IWire In(WireTable wires) => wires[Wire];

    /// <summary>The content type of a streamed answer.</summary>
    string StreamType => "text/event-stream; charset=utf-8";

    /// <summary>The form of a streamed answer; <see langword="null"/> where its frames are those of the wire.</summary>
    IStreamForm? Form() => null;

    /// <summary>What the address of a request says, where the protocol puts it there and not into the body.</summary>
    RequestAddress AddressOf(HttpRequest request) => default;

    /// <summary>A request's body as its wire words it, where the protocol words it otherwise.</summary>
    /// <param name="body">What the client sent.</param>
    /// <param name="lost">Receives the members that have no place there.</param>
    ReadOnlyMemory<byte> ReadBody(ReadOnlyMemory<byte> body, ICollection<string> lost) => body;

    /// <summary>A whole answer's body as the protocol words it.</summary>
    ReadOnlyMemory<byte> WriteBody(ReadOnlyMemory<byte> body, Call call) => body;

    /// <summary>The body of an error.</summary>
    byte[] Error(ClientError error);

    /// <summary>The event of an error in a stream that had begun.</summary>
    byte[] ErrorEvent(ClientError error);

    /// <summary>The same, where it tells what it ends.</summary>
    byte[] ErrorEvent(ClientError error, CutAnswer cut) => ErrorEvent(error);

    /// <summary>The receipt behind a stream, where a client that does not know it overlooks it.</summary>
    void WriteReceipt(Receipt receipt, IBufferWriter<byte> output)
    {
        output.Write(": sluice "u8);
        ReceiptJson.Write(receipt, output);
        output.Write("\n\n"u8);
    }
}

/// <summary>An answer that ends in the middle, as the client knows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Model">Who answered.</param>
/// <param name="CreatedAt">When the call arrived.</param>
/// <param name="Events">How many events it had.</param>
internal sealed record CutAnswer(string Id, string Model, DateTimeOffset CreatedAt, int Events)
{
    public static CutAnswer Nothing { get; } = new("", "", DateTimeOffset.UnixEpoch, 0);
}
