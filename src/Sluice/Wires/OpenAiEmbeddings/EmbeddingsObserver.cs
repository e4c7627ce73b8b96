using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;
using Sluice.Wires.Json;
using Sluice.Wires.OpenAiChat;

namespace Sluice.Wires.OpenAiEmbeddings;

/// <summary>Reads usage from an answer of vectors, and whether there is one for every input.</summary>
/// <param name="inputs">How many vectors were asked for.</param>
/// <param name="members">Where the vendor reports usage beside the wire's own places.</param>
internal sealed class EmbeddingsObserver(int inputs, UsageMembers members) : AnswerObserver
{
    private bool _whole;
    private int _vectors = -1;

    protected override bool Ended => _whole;

    protected override FrameMarks ReadFrame(ReadOnlySpan<byte> data) => FrameMarks.Malformed;

    protected override FrameMarks ReadWhole(ReadOnlySpan<byte> body)
    {
        ReadFacts(body);
        if (Error is not null)
        {
            return FrameMarks.Error;
        }

        if (_vectors != inputs)
        {
            throw new ProviderException(
                FailureClass.Drift,
                _vectors < 0 ? "the answer has no list 'data'" : $"'data' has {_vectors} vectors for {inputs} inputs"
            );
        }

        _whole = true;
        return FrameMarks.Content | FrameMarks.Finish;
    }

    protected override void ReadFacts(ReadOnlySpan<byte> body)
    {
        var reader = JsonCursor.Open(body);
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("data"u8))
            {
                _vectors = CountVectors(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                if (JsonCursor.Enter(ref reader))
                {
                    Take(ChatUsage.Read(ref reader, members));
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
                    return;
                }
            }
            else if (UsageScan.Find(ref reader, members.Outside) is { Figure: UsageFigure.Whole } place)
            {
                Take(ChatUsage.ReadWithin(ref reader, place, members));
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    /// <summary>Vectors are made of input alone.</summary>
    private void Take(Usage? counted) =>
        Usage = counted is null
            ? Usage
            : new Usage
            {
                InputTokens = counted.InputTokens,
                ReportedCost = counted.ReportedCost,
                Evidence = counted.Evidence,
            };

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
