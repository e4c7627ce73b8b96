using System.Text.Json;
using Sluice.Wires;

namespace Sluice.Content;

/// <summary>The texts of a JSON body, of whatever wire.</summary>
/// <param name="body">The body.</param>
/// <param name="find">Finds the texts in it.</param>
internal sealed class BodyView(ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, List<TextSpan>> find) : IContentView
{
    private List<TextSpan>? _spans;

    /// <exception cref="RequestException">The body is not valid JSON.</exception>
    public static BodyView OfRequest(ReadOnlyMemory<byte> body) =>
        new(
            body,
            b =>
            {
                try
                {
                    return TextWalk.OfRequest(b.Span);
                }
                catch (JsonException exception)
                {
                    throw new RequestException(
                        $"the body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})"
                    );
                }
            }
        );

    /// <exception cref="JsonException">The body is not valid JSON.</exception>
    public static BodyView OfAnswer(ReadOnlyMemory<byte> body) => new(body, b => TextWalk.OfAnswer(b.Span));

    public IReadOnlyList<ContentText> Texts =>
        field ??= [.. Spans.Select(s => s.IsProbabilities ? default : new ContentText(s.Part, s.Role, s.Read(body.Span)))];

    private List<TextSpan> Spans => _spans ??= find(body);

    /// <summary>The body with other texts in the place of some.</summary>
    public byte[] With(IReadOnlyList<string?> texts) => TextEdits.Apply(body.Span, Spans, texts);
}
