using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Sluice.Wires.Json;

/// <summary>Reads strings that JSON allows and text does not: half of a surrogate pair, bytes that are no UTF-8.</summary>
/// <remarks>
/// Some vendors cut text between two events in the middle of a character. A half is kept as it is, so that two of them meet again;
/// what is no UTF-8 becomes U+FFFD.
/// </remarks>
internal static class LooseText
{
    /// <summary>The text of a JSON string, whatever is in it.</summary>
    public static string Of(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(text)[1..^1]));
        }
    }

    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            text.Append(
                raw[++i] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\b',
                    'f' => '\f',
                    'u' => (char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    var itself => itself,
                }
            );
            i += raw[i] == 'u' ? 4 : 0;
        }

        return text.ToString();
    }
}
