using System.Buffers;

namespace Sluice.Wires.Json;

/// <summary>Recognises frames that differ from an earlier one in the text of one string only: nearly all frames of a stream.</summary>
/// <remarks>
/// What is the same byte for byte means the same. So a frame that begins and ends as one that was read before needs no reading,
/// if what stands between is plain text: nothing in it ends the string.
/// </remarks>
internal sealed class RepeatedText
{
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(control => (byte)control),
        (byte)'"',
        (byte)'\\',
    ]);

    private byte[] _around = [];
    private int _before;
    private int _length;

    /// <summary>Remembers a frame that was read.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="start">Where its text begins, after the opening quote.</param>
    /// <param name="end">Where its text ends, before the closing quote.</param>
    public void Learn(ReadOnlySpan<byte> frame, int start, int end)
    {
        (_before, _length) = (start, frame.Length - (end - start));
        if (_around.Length < _length)
        {
            _around = new byte[_length];
        }

        frame[..start].CopyTo(_around);
        frame[end..].CopyTo(_around.AsSpan(start));
    }

    /// <summary>The length of the text in a frame that is otherwise as the one remembered; -1 for any other.</summary>
    public int TextOf(ReadOnlySpan<byte> frame)
    {
        var text = frame.Length - _length;
        return
            _length > 0
            && text >= 0
            && frame.StartsWith(_around.AsSpan(0, _before))
            && frame[(_before + text)..].SequenceEqual(_around.AsSpan(_before, _length - _before))
            && !frame.Slice(_before, text).ContainsAny(NotPlain)
            ? text
            : -1;
    }
}
