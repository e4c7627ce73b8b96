using System.Buffers;
using Sluice.Upstream.EventStream;

namespace Sluice.Tests.Wires;

/// <summary>Amazon's binary events as the server-sent ones they become at the transport.</summary>
internal static class BinaryEvents
{
    public static byte[] Frames(ReadOnlySpan<byte> binary)
    {
        var frames = new ArrayBufferWriter<byte>();
        while (EventMessage.TryRead(binary, out var message))
        {
            EventFrames.Write(message, frames);
            binary = binary[message.Length..];
        }

        return frames.WrittenSpan.ToArray();
    }
}
