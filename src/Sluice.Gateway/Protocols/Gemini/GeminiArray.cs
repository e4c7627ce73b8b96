using System.Buffers;
using Sluice.Wires;
using Sluice.Wires.Gemini;

namespace Sluice.Gateway.Protocols.Gemini;

/// <summary>A stream as one JSON array that grows as the answer comes, which is what Google sends unless it is asked for events.</summary>
internal sealed class GeminiArray : IStreamForm
{
    private readonly GeminiFraming _framing = new();
    private bool _begun;

    public void Write(ReadOnlySpan<byte> frames, IBufferWriter<byte> output)
    {
        while (_framing.TryRead(frames, final: true, out var frame))
        {
            if (!frame.Data.IsEmpty)
            {
                Begin(output);
                output.Write(frame.Data);
            }

            frames = frames[frame.Length..];
        }
    }

    public void WriteEnd(IBufferWriter<byte> output) => output.Write(_begun ? "\n]\n"u8 : "[]\n"u8);

    private void Begin(IBufferWriter<byte> output)
    {
        output.Write(_begun ? "\n,\r\n"u8 : "["u8);
        _begun = true;
    }
}
