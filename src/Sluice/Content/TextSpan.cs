using System.Text;
using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Content;

/// <summary>Where a text stands in a JSON body: one string, or one number among arguments.</summary>
/// <param name="Start">The first byte of the token, its quote included.</param>
/// <param name="End">One past its last byte.</param>
internal readonly record struct TextSpan(int Start, int End)
{
    public ContentParts Part { get; init; }

    public ContentRole Role { get; init; }

    /// <summary>The text that it continues in the frames of a stream; 0 where it is whole by itself.</summary>
    public int Channel { get; init; }

    /// <summary>Not a text, but what repeats texts token by token.</summary>
    public bool IsProbabilities { get; init; }

    /// <summary>Its text, whatever is in it.</summary>
    public string Read(ReadOnlySpan<byte> body)
    {
        var token = body[Start..End];
        if (token[0] != (byte)'"')
        {
            return Encoding.UTF8.GetString(token);
        }

        if (!token.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(token[1..^1]);
        }

        using var document = JsonDocument.Parse(token.ToArray());
        return LooseText.Of(document.RootElement);
    }
}
