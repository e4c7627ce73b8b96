using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sluice.Content;

/// <summary>Puts other texts in the place of some and leaves every other byte as it is.</summary>
internal static class TextEdits
{
    /// <param name="body">The body.</param>
    /// <param name="spans">Its texts, in the order of their place.</param>
    /// <param name="texts">What each becomes; <see langword="null"/> for what stays.</param>
    public static byte[] Apply(ReadOnlySpan<byte> body, IReadOnlyList<TextSpan> spans, IReadOnlyList<string?> texts)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 64);
        var from = 0;
        for (var i = 0; i < spans.Count; i++)
        {
            var span = spans[i];
            var changed = span.IsProbabilities ? (body[span.Start] == (byte)'[' ? "[]"u8 : "null"u8) : default;
            if (!span.IsProbabilities)
            {
                if (texts[i] is not { } text)
                {
                    continue;
                }

                changed = Quote(text);
            }

            output.Write(body[from..span.Start]);
            output.Write(changed);
            from = span.End;
        }

        output.Write(body[from..]);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A JSON string, of half a surrogate pair too: the other half may be in the next frame.</summary>
    private static byte[] Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (char.IsHighSurrogate(character) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                quoted.Append(character).Append(text[++i]);
            }
            else if (character < ' ' || char.IsSurrogate(character))
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                quoted.Append(character is '"' or '\\' ? "\\" : "").Append(character);
            }
        }

        return Encoding.UTF8.GetBytes(quoted.Append('"').ToString());
    }
}
