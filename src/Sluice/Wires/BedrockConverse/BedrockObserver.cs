using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Reads the facts of a Converse answer. A frame is an object with one member, which names the event.</summary>
internal sealed class BedrockObserver : AnswerObserver
{
    private readonly BedrockUsage _usage = new();
    private bool _stopped;

    protected override bool Ended => _stopped;

    protected override FrameMarks ReadFrame(ReadOnlySpan<byte> data)
    {
        var reader = JsonCursor.Open(data);
        var marks = FrameMarks.None;
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("contentBlockDelta"u8))
            {
                marks |= ReadBlock(ref reader, "delta"u8);
            }
            else if (reader.ValueTextEquals("contentBlockStart"u8))
            {
                marks |= ReadBlock(ref reader, "start"u8);
            }
            else if (reader.ValueTextEquals("messageStop"u8))
            {
                marks |= ReadStop(ref reader);
            }
            else if (reader.ValueTextEquals("metadata"u8))
            {
                ReadMetadata(ref reader);
                marks |= _stopped ? FrameMarks.End : FrameMarks.None;
            }
            else if (reader.ValueTextEquals("error"u8) || IsException(ref reader))
            {
                return Fail(FailureClassifier.ClassifyBody(data));
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        return marks;
    }

    protected override FrameMarks ReadWhole(ReadOnlySpan<byte> body)
    {
        ReadFacts(body);
        if (!_stopped)
        {
            throw new ProviderException(FailureClass.Drift, "output.message.content: expected array, found nothing");
        }

        return Faulty(FinishReason) is { } fault ? Fail(fault) : FrameMarks.Content | FrameMarks.Finish;
    }

    protected override void ReadFacts(ReadOnlySpan<byte> body)
    {
        var reader = JsonCursor.Open(body);
        var (hasContent, weight) = (false, 0);
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("output"u8))
            {
                weight = ReadOutput(ref reader, ref hasContent);
            }
            else if (reader.ValueTextEquals("stopReason"u8))
            {
                FinishReason = JsonCursor.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        ContentBytes += weight;
        _stopped = hasContent;
    }

    private FrameMarks ReadBlock(ref Utf8JsonReader reader, ReadOnlySpan<byte> part)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return FrameMarks.None;
        }

        var weight = 0;
        while (JsonCursor.NextMember(ref reader))
        {
            if (!reader.ValueTextEquals(part) || !JsonCursor.Enter(ref reader))
            {
                JsonCursor.SkipHere(ref reader);
                continue;
            }

            while (JsonCursor.NextMember(ref reader))
            {
                // The name and id a tool call starts with are no content yet.
                var isStart = part.SequenceEqual("start"u8) && reader.ValueTextEquals("toolUse"u8);
                reader.Read();
                var bytes = Weigh(ref reader);
                weight += isStart ? 0 : bytes;
            }
        }

        ContentBytes += weight;
        return weight > 0 ? FrameMarks.Content : FrameMarks.None;
    }

    private FrameMarks ReadStop(ref Utf8JsonReader reader)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return FrameMarks.None;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("stopReason"u8))
            {
                FinishReason = JsonCursor.ReadString(ref reader);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        if (Faulty(FinishReason) is { } fault)
        {
            return Fail(fault);
        }

        _stopped = true;
        return FrameMarks.Finish;
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        if (JsonCursor.Enter(ref reader))
        {
            _usage.Read(ref reader);
            Usage = _usage.ToUsage();
        }
    }

    /// <returns>The bytes of content in <c>output.message</c>.</returns>
    private int ReadOutput(ref Utf8JsonReader reader, ref bool hasContent)
    {
        var weight = 0;
        if (!JsonCursor.Enter(ref reader))
        {
            return weight;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (!reader.ValueTextEquals("message"u8) || !JsonCursor.Enter(ref reader))
            {
                JsonCursor.SkipHere(ref reader);
                continue;
            }

            while (JsonCursor.NextMember(ref reader))
            {
                if (reader.ValueTextEquals("content"u8))
                {
                    reader.Read();
                    hasContent = reader.TokenType == JsonTokenType.StartArray;
                    weight += Weigh(ref reader);
                }
                else
                {
                    JsonCursor.SkipValue(ref reader);
                }
            }
        }

        return weight;
    }

    private FrameMarks Fail(ProviderException error)
    {
        Error = error;
        return FrameMarks.Error;
    }

    /// <summary>Endings that say the model broke its own output: another model may do better.</summary>
    private static ProviderException? Faulty(string? reason) =>
        reason is "malformed_model_output" or "malformed_tool_use"
            ? new ProviderException(FailureClass.ModelFault, $"the model ended with {reason}") { Status = 200 }
            : null;

    private static bool IsException(ref Utf8JsonReader reader) => reader.ValueSpan.EndsWith("Exception"u8);
}
