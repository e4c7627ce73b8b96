using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.OpenAiChat;

namespace Sluice.Wires.OpenAiEmbeddings;

/// <summary>Reads usage from an answer of vectors, and whether there is one for every input.</summary>
internal sealed class EmbeddingsObserver(int inputs) : AnswerObserver
{
    private bool _whole;

    protected override bool Ended => _whole;

    protected override FrameMarks ReadFrame(ReadOnlySpan<byte> data) => FrameMarks.Malformed;

    protected override FrameMarks ReadWhole(ReadOnlySpan<byte> body)
    {
        var vectors = -1;
        var reader = JsonCursor.Open(body);
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("data"u8))
            {
                vectors = CountVectors(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                if (JsonCursor.Enter(ref reader))
                {
                    Usage = ChatUsage.Read(ref reader, UsageMembers.Standard);
                }
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                Model = JsonCursor.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                Id = JsonCursor.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.Null)
                {
                    Error = FailureClassifier.ClassifyBody(body);
                    return FrameMarks.Error;
                }
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        if (vectors != inputs)
        {
            throw new ProviderException(
                FailureClass.Drift,
                vectors < 0 ? "the answer has no list 'data'" : $"'data' has {vectors} vectors for {inputs} inputs"
            );
        }

        _whole = true;
        return FrameMarks.Content | FrameMarks.Finish;
    }

    /// <summary>The elements that hold a vector, as numbers or as base64; -1 for something that is no list.</summary>
    private static int CountVectors(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return -1;
        }

        var count = 0;
        while (JsonCursor.NextElement(ref reader))
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (JsonCursor.NextMember(ref reader))
            {
                var vector = reader.ValueTextEquals("embedding"u8);
                reader.Read();
                count += vector && (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.String) ? 1 : 0;
                reader.Skip();
            }
        }

        return count;
    }
}
