using Sluice.Wires.Sse;

namespace Sluice.Wires.Gemini;

/// <summary>Gemini streams server-sent events where it is asked to, and else one JSON array, of which each element is a frame.</summary>
internal sealed class GeminiFraming : IFraming
{
    private readonly SseFraming _events = new();

    /// <summary>Whether this is the beginning of an array, and so no event.</summary>
    public static bool IsArray(ReadOnlySpan<byte> body) => body.TrimStart(" \r\n\t"u8) is [(byte)'[', ..];

    public bool TryRead(ReadOnlySpan<byte> buffer, bool final, out Frame frame)
    {
        frame = default;
        var start = buffer.IndexOfAnyExcept(" \r\n\t"u8);
        if (start < 0 && !final)
        {
            return false;
        }

        if (start < 0 || buffer[start] is not ((byte)'[' or (byte)',' or (byte)'{' or (byte)']'))
        {
            return _events.TryRead(buffer, final, out frame);
        }

        var first = buffer[start..].IndexOf((byte)'{');
        if (buffer[start] == (byte)']' || (first < 0 && final))
        {
            frame = new Frame { Length = buffer.Length };
            return true;
        }

        var length = first < 0 ? -1 : LengthOfObject(buffer[(start + first)..]);
        if (length < 0)
        {
            return false;
        }

        frame = new Frame { Length = start + first + length, Data = buffer.Slice(start + first, length) };
        return true;
    }

    /// <returns>The length of the object, -1 while its end has not come.</returns>
    private static int LengthOfObject(ReadOnlySpan<byte> json)
    {
        var (depth, inText) = (0, false);
        for (var i = 0; i < json.Length; i++)
        {
            switch (json[i])
            {
                case (byte)'\\' when inText:
                    i++;
                    break;
                case (byte)'"':
                    inText = !inText;
                    break;
                case (byte)'{' when !inText:
                    depth++;
                    break;
                case (byte)'}' when !inText && --depth == 0:
                    return i + 1;
            }
        }

        return -1;
    }
}
