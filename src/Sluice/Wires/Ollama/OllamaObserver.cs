using System.Text.Json;
using Sluice.Calls;
using Sluice.Money;
using Sluice.Wires.Json;

namespace Sluice.Wires.Ollama;

/// <summary>Reads the facts of an answer of Ollama, to a chat or to a single prompt.</summary>
internal sealed class OllamaObserver : AnswerObserver
{
    private bool _done;

    protected override bool Ended => _done;

    protected override FrameMarks ReadFrame(ReadOnlySpan<byte> data) => Read(data, out _);

    protected override FrameMarks ReadWhole(ReadOnlySpan<byte> body)
    {
        var marks = Read(body, out var answers);
        return answers || (marks & FrameMarks.Error) != 0
            ? marks
            : throw new ProviderException(FailureClass.Drift, "message: expected object, found nothing");
    }

    protected override void ReadFacts(ReadOnlySpan<byte> body) => Read(body, out _);

    /// <param name="answers">Whether what it answers stands in it.</param>
    private FrameMarks Read(ReadOnlySpan<byte> json, out bool answers)
    {
        var reader = JsonCursor.Open(json);
        var (content, done) = (false, false);
        var (input, output) = ((long?)null, (long?)null);
        string? reason = null;
        answers = false;
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                answers |= reader.TokenType == JsonTokenType.StartObject;
                content |= ReadMessage(ref reader);
            }
            else if (reader.ValueTextEquals("response"u8))
            {
                answers = true;
                content |= ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("thinking"u8))
            {
                content |= ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("done"u8))
            {
                reader.Read();
                done = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("done_reason"u8))
            {
                reason = JsonCursor.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("prompt_eval_count"u8))
            {
                input = JsonCursor.ReadCount(ref reader);
            }
            else if (reader.ValueTextEquals("eval_count"u8))
            {
                output = JsonCursor.ReadCount(ref reader);
            }
            else if (Model is null && reader.ValueTextEquals("model"u8))
            {
                Model = JsonCursor.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.Null)
                {
                    Error = FailureClassifier.ClassifyBody(json);
                    return FrameMarks.Error;
                }
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        if (input is not null || output is not null)
        {
            // A prompt that was in the cache is not counted by every version.
            Usage = new Usage
            {
                InputTokens = input ?? 0,
                OutputTokens = output ?? 0,
                Evidence = UsageEvidence.Reported,
            };
        }

        var marks = content ? FrameMarks.Content : FrameMarks.None;
        if (!done)
        {
            return marks;
        }

        _done = true;
        FinishReason = reason ?? "stop";
        return marks | FrameMarks.Finish | FrameMarks.End;
    }

    private bool ReadMessage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            JsonCursor.SkipHere(ref reader);
            return false;
        }

        var content = false;
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("role"u8))
            {
                JsonCursor.SkipValue(ref reader);
            }
            else
            {
                // Text, thinking, images, and calls, which come whole.
                content |= ReadText(ref reader);
            }
        }

        return content;
    }

    private bool ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        var bytes = Weigh(ref reader);
        ContentBytes += bytes;
        return bytes > 0;
    }
}
