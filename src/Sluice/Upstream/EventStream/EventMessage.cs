using System.Buffers.Binary;

namespace Sluice.Upstream.EventStream;

/// <summary>One message of Amazon's binary event stream: lengths, headers, payload, and a checksum over all of it.</summary>
/// <remarks>Layout: https://smithy.io/2.0/aws/amazon-eventstream.html. Numbers are big-endian.</remarks>
internal readonly ref struct EventMessage
{
    private const int Prelude = 12;
    private const int Checksum = 4;

    /// <summary>What no message exceeds: the protocol allows 24 MiB of payload.</summary>
    private const uint Longest = 25 * 1024 * 1024;

    /// <summary>How many bytes it takes.</summary>
    public required int Length { get; init; }

    private ReadOnlySpan<byte> Headers { get; init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Reads the message a buffer begins with.</summary>
    /// <returns>Whether a whole message was there.</returns>
    /// <exception cref="InvalidDataException">The bytes are damaged, or are no such stream.</exception>
    public static bool TryRead(ReadOnlySpan<byte> buffer, out EventMessage message)
    {
        message = default;
        if (buffer.Length < Prelude)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(buffer);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);
        if (BinaryPrimitives.ReadUInt32BigEndian(buffer[8..]) != Crc32.Of(buffer[..8]))
        {
            throw new InvalidDataException("the beginning of an event does not match its checksum");
        }

        if (length > Longest || length < Prelude + headers + Checksum)
        {
            throw new InvalidDataException($"an event of {length} bytes with {headers} bytes of headers cannot be");
        }

        if (buffer.Length < length)
        {
            return false;
        }

        var whole = buffer[..(int)length];
        if (BinaryPrimitives.ReadUInt32BigEndian(whole[^Checksum..]) != Crc32.Of(whole[..^Checksum]))
        {
            throw new InvalidDataException("an event does not match its checksum");
        }

        message = new EventMessage
        {
            Length = whole.Length,
            Headers = whole.Slice(Prelude, (int)headers),
            Payload = whole[(Prelude + (int)headers)..^Checksum],
        };
        return true;
    }

    /// <summary>The text of a header; empty when it is absent or no text.</summary>
    /// <exception cref="InvalidDataException">A header is cut off or of a kind that does not exist.</exception>
    public ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name)
    {
        var rest = Headers;
        while (!rest.IsEmpty)
        {
            var known = Take(ref rest, Take(ref rest, 1)[0]);
            var kind = (HeaderKind)Take(ref rest, 1)[0];
            var value = Take(ref rest, LengthOf(kind, ref rest));
            if (known.SequenceEqual(name))
            {
                return kind == HeaderKind.Text ? value : default;
            }
        }

        return default;
    }

    private static int LengthOf(HeaderKind kind, scoped ref ReadOnlySpan<byte> rest) =>
        kind switch
        {
            HeaderKind.True or HeaderKind.False => 0,
            HeaderKind.Byte => 1,
            HeaderKind.Int16 => 2,
            HeaderKind.Int32 => 4,
            HeaderKind.Int64 or HeaderKind.Timestamp => 8,
            HeaderKind.Bytes or HeaderKind.Text => BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, 2)),
            HeaderKind.Uuid => 16,
            _ => throw new InvalidDataException($"an event has a header of kind {(int)kind}, which does not exist"),
        };

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < count)
        {
            throw new InvalidDataException("the headers of an event end in the middle");
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private enum HeaderKind : byte
    {
        True,
        False,
        Byte,
        Int16,
        Int32,
        Int64,
        Bytes,
        Text,
        Timestamp,
        Uuid,
    }
}
