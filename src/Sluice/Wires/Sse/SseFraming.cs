namespace Sluice.Wires.Sse;

/// <summary>Server-sent events: a frame is everything up to and including its blank line.</summary>
/// <remarks>Works on bytes, because a character may be split between two reads. See https://html.spec.whatwg.org/multipage/server-sent-events.html.</remarks>
internal sealed class SseFraming : IFraming
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public bool TryRead(ReadOnlySpan<byte> buffer, bool final, out Frame frame)
    {
        frame = default;
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> data = default;
        byte[]? joined = null;
        var position = buffer.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        var seen = false;
        while (position < buffer.Length)
        {
            var rest = buffer[position..];
            var length = rest.IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0)
            {
                if (!final)
                {
                    return false;
                }

                length = rest.Length;
            }

            var next = length + 1;
            if (length < rest.Length && rest[length] == '\r')
            {
                if (next == rest.Length && !final)
                {
                    // The \n of a \r\n may still come, and belongs to this line.
                    return false;
                }

                next += next < rest.Length && rest[next] == '\n' ? 1 : 0;
            }

            var line = rest[..length];
            position = Math.Min(buffer.Length, position + next);
            if (line.IsEmpty)
            {
                frame = new Frame
                {
                    Length = position,
                    Event = name,
                    Data = joined ?? data,
                };
                return true;
            }

            seen = true;
            if (line.StartsWith("data:"u8))
            {
                var value = Value(line, "data:"u8.Length);
                joined = joined is null && data.IsEmpty ? null : [.. joined ?? data, (byte)'\n', .. value];
                data = value;
            }
            else if (line.StartsWith("event:"u8))
            {
                name = Value(line, "event:"u8.Length);
            }
        }

        if (!final || !seen)
        {
            return false;
        }

        frame = new Frame
        {
            Length = buffer.Length,
            Event = name,
            Data = joined ?? data,
        };
        return true;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, int start) =>
        line.Length > start && line[start] == ' ' ? line[(start + 1)..] : line[start..];
}
