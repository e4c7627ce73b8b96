using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Reads the facts of a Messages answer. The discriminator <c>type</c> may be the last member of a frame.</summary>
internal sealed class AnthropicObserver : AnswerObserver
{
    private readonly AnthropicUsage _usage = new();
    private bool _stopped;

    protected override bool Ended => _stopped || FinishReason is not null;

    protected override FrameMarks ReadFrame(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            // OpenRouter adds it after message_stop.
            return FrameMarks.End;
        }

        var marks = Read(data, whole: false, out _);
        _stopped |= (marks & FrameMarks.End) != 0;
        return marks;
    }

    protected override FrameMarks ReadWhole(ReadOnlySpan<byte> body)
    {
        var marks = Read(body, whole: true, out var hasContent);
        _stopped = hasContent;
        return hasContent || (marks & FrameMarks.Error) != 0
            ? marks
            : throw new ProviderException(FailureClass.Drift, "content: expected array, found nothing");
    }

    protected override void ReadFacts(ReadOnlySpan<byte> body) => Read(body, whole: true, out _);

    private FrameMarks Read(ReadOnlySpan<byte> json, bool whole, out bool hasContent)
    {
        var reader = JsonCursor.Open(json);
        var type = "";
        var (weight, stopped, failed) = (0, false, false);
        hasContent = false;
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = JsonCursor.ReadString(ref reader) ?? "";
            }
            else if (reader.ValueTextEquals("delta"u8))
            {
                weight += ReadDelta(ref reader, ref stopped);
            }
            else if (reader.ValueTextEquals("content_block"u8))
            {
                weight += ReadBlockStart(ref reader);
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                weight += ReadMessage(ref reader, ref stopped);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                failed = reader.TokenType != JsonTokenType.Null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
            }
            else if (whole && reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                hasContent = reader.TokenType == JsonTokenType.StartArray;
                weight += Weigh(ref reader);
            }
            else if (whole && reader.ValueTextEquals("stop_reason"u8))
            {
                FinishReason = JsonCursor.ReadString(ref reader);
            }
            else if (whole && reader.ValueTextEquals("id"u8))
            {
                Id = JsonCursor.ReadString(ref reader);
            }
            else if (whole && reader.ValueTextEquals("model"u8))
            {
                Model = JsonCursor.ReadString(ref reader);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        ContentBytes += weight;
        if (type == "error" || (type.Length == 0 && failed))
        {
            Error = FailureClassifier.ClassifyBody(json);
            return FrameMarks.Error;
        }

        return (weight > 0 ? FrameMarks.Content : FrameMarks.None)
            | (stopped ? FrameMarks.Finish : FrameMarks.None)
            | (type == "message_stop" ? FrameMarks.End : FrameMarks.None);
    }

    /// <returns>Bytes of content in a block's or the message's delta.</returns>
    private int ReadDelta(ref Utf8JsonReader reader, ref bool stopped)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return 0;
        }

        var weight = 0;
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("type"u8) || reader.ValueTextEquals("stop_sequence"u8) || reader.ValueTextEquals("container"u8))
            {
                JsonCursor.SkipValue(ref reader);
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                FinishReason = JsonCursor.ReadString(ref reader) ?? FinishReason;
                stopped = FinishReason is not null;
            }
            else if (reader.ValueTextEquals("stop_details"u8) || reader.ValueTextEquals("context_management"u8))
            {
                JsonCursor.SkipValue(ref reader);
            }
            else
            {
                reader.Read();
                weight += Weigh(ref reader);
            }
        }

        return weight;
    }

    /// <summary>A block's start is no content, unless the block comes whole in it: redacted thinking, results of server tools, calls made by code.</summary>
    private int ReadBlockStart(ref Utf8JsonReader reader)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return 0;
        }

        var weight = 0;
        while (JsonCursor.NextMember(ref reader))
        {
            if (
                reader.ValueTextEquals("type"u8)
                || reader.ValueTextEquals("id"u8)
                || reader.ValueTextEquals("name"u8)
                || reader.ValueTextEquals("caller"u8)
            )
            {
                JsonCursor.SkipValue(ref reader);
            }
            else
            {
                reader.Read();
                weight += Weigh(ref reader);
            }
        }

        return weight;
    }

    /// <summary>A message begins empty, unless it comes whole: a step of code that calls tools has no other event but its end.</summary>
    /// <returns>Bytes of content in it.</returns>
    private int ReadMessage(ref Utf8JsonReader reader, ref bool stopped)
    {
        var weight = 0;
        if (!JsonCursor.Enter(ref reader))
        {
            return weight;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                Id = JsonCursor.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                Model = JsonCursor.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                weight += Weigh(ref reader);
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                FinishReason = JsonCursor.ReadString(ref reader) ?? FinishReason;
                stopped = FinishReason is not null;
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        return weight;
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            _usage.Read(ref reader);
            Usage = _usage.ToUsage();
        }
    }
}
