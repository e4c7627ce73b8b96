namespace Sluice.Wires.Ndjson;

/// <summary>JSON by lines: a frame is a line with its end.</summary>
/// <remarks>See https://github.com/ndjson/ndjson-spec. A line break within JSON is always escaped, so a bare one ends the frame.</remarks>
internal sealed class NdjsonFraming : IFraming
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public bool TryRead(ReadOnlySpan<byte> buffer, bool final, out Frame frame)
    {
        var end = buffer.IndexOf((byte)'\n');
        if (buffer.IsEmpty || (end < 0 && !final))
        {
            frame = default;
            return false;
        }

        var length = end < 0 ? buffer.Length : end + 1;
        var line = buffer[..length];
        frame = new Frame { Length = length, Data = (line.StartsWith(ByteOrderMark) ? line[3..] : line).Trim(" \t\r\n"u8) };
        return true;
    }
}
