using System.Buffers;

namespace Sluice.Gateway.Protocols;

/// <summary>How a stream reaches its client, where that is not in the frames of its wire. One for each answer.</summary>
internal interface IStreamForm
{
    /// <summary>Writes whole frames of the wire, in the form that the client asked for.</summary>
    void Write(ReadOnlySpan<byte> frames, IBufferWriter<byte> output);

    /// <summary>Writes what ends a stream that is complete.</summary>
    void WriteEnd(IBufferWriter<byte> output);
}
