using System.Buffers;
using System.Text;
using Sluice.Catalog;
using Sluice.Wires;

namespace Sluice.Content;

/// <summary>A frame that waits for its texts to be decided.</summary>
internal sealed class HeldFrame
{
    private readonly byte[] _bytes;
    private readonly byte[] _data;
    private readonly int _dataStart;
    private readonly string? _event;

    /// <param name="bytes">The frame.</param>
    /// <param name="frame">The same, read.</param>
    /// <param name="wire">Whose it is.</param>
    public HeldFrame(ReadOnlySpan<byte> bytes, in Frame frame, WireKind wire)
    {
        _bytes = bytes.ToArray();
        if (bytes.Overlaps(frame.Data, out var start))
        {
            (_data, _dataStart) = (frame.Data.ToArray(), start);
        }
        else
        {
            // The payload was put together from several lines.
            (_data, _dataStart) = (frame.Data.ToArray(), -1);
            _event = Encoding.UTF8.GetString(frame.Event);
        }

        Spans = TextWalk.OfFrame(_data, wire);
    }

    public int Length => _bytes.Length;

    public List<TextSpan> Spans { get; }

    public string TextOf(TextSpan span) => span.Read(_data);

    /// <summary>Writes it with other texts in the place of some; <see langword="null"/> for none.</summary>
    public void Write(string?[]? texts, IBufferWriter<byte> output)
    {
        if (texts is null)
        {
            output.Write(_bytes);
            return;
        }

        var data = TextEdits.Apply(_data, Spans, texts);
        if (_dataStart >= 0)
        {
            output.Write(_bytes.AsSpan(0, _dataStart));
            output.Write(data);
            output.Write(_bytes.AsSpan(_dataStart + _data.Length));
            return;
        }

        if (!string.IsNullOrEmpty(_event))
        {
            output.Write(Encoding.UTF8.GetBytes($"event: {_event}\n"));
        }

        foreach (var line in new Lines(data))
        {
            output.Write("data: "u8);
            output.Write(data.AsSpan(line));
            output.Write("\n"u8);
        }

        output.Write("\n"u8);
    }

    /// <summary>The lines of a payload; between tokens JSON may have line feeds.</summary>
    private readonly struct Lines(byte[] data)
    {
        public IEnumerator<Range> GetEnumerator()
        {
            for (var start = 0; start <= data.Length; )
            {
                var length = data.AsSpan(start).IndexOf((byte)'\n');
                var end = length < 0 ? data.Length : start + length;
                yield return start..end;
                start = end + 1;
            }
        }
    }
}
