using System.Buffers;
using Sluice.Calls;
using Sluice.Upstream.EventStream;
using Sluice.Wires;

namespace Sluice.Cli.Decoding;

/// <summary>Takes Amazon's binary events out of their frames.</summary>
internal static class BinaryEvents
{
    /// <summary>The events as frames of text; what stands before a damage is read.</summary>
    public static ReadOnlySpan<byte> Unpack(ReadOnlySpan<byte> body, out ProviderException? damage)
    {
        var events = new ArrayBufferWriter<byte>();
        damage = null;
        try
        {
            while (EventMessage.TryRead(body, out var message))
            {
                EventFrames.Write(message, events);
                body = body[message.Length..];
            }
        }
        catch (InvalidDataException exception)
        {
            damage = FailureClassifier.Classify(exception);
        }

        return events.WrittenSpan;
    }
}
