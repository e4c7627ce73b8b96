using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Records;

namespace Sluice.Attempts;

/// <summary>How many tokens a request has, roughly: a guess for choosing among targets, never for money.</summary>
/// <remarks>Four bytes of text a token. Data in base64 is no text; an image counts apart, whatever its size.</remarks>
internal static class InputEstimate
{
    public const int BytesPerToken = 4;

    private const int PerImage = 1_500;

    /// <summary>From so long a text on, and looking so far, it may be data.</summary>
    private const int Shortest = 1_024;

    public static long Of(ReadOnlySpan<byte> body, CallFeatures features)
    {
        var data = 0L;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length >= Shortest && IsData(reader.ValueSpan[..Shortest]))
            {
                data += reader.ValueSpan.Length;
            }
        }

        return (body.Length - data) / BytesPerToken + (long)features.Images * PerImage;
    }

    public static long Of(ChatRequest records, CallFeatures features)
    {
        var letters = records.System.Sum(Letters) + records.Tools.Sum(t => (long)t.Name.Length + (t.Schema?.GetRawText().Length ?? 0));
        foreach (var message in records.Messages)
        {
            letters += message.Parts.Sum(Letters);
        }

        return letters / BytesPerToken + (long)features.Images * PerImage;
    }

    private static readonly SearchValues<byte> Base64 = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_\\"u8
    );

    private static bool IsData(ReadOnlySpan<byte> text) => text.StartsWith("data:"u8) || text.IndexOfAnyExcept(Base64) < 0;

    private static long Letters(Part part) =>
        part switch
        {
            TextPart text => text.Text.Length,
            ReasoningPart reasoning => reasoning.Text.Length,
            ToolCallPart call => call.Name.Length + call.Arguments.Length,
            ToolResultPart result => result.Content.Sum(Letters),
            DocumentPart document => document.Text?.Length ?? 0,
            OpaquePart opaque => opaque.Json.GetRawText().Length,
            _ => 0,
        };
}
