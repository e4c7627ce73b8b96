using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;
using Sluice.Wires.Json;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Reads the facts of a Chat Completions answer, and of those of the many vendors that speak almost the same.</summary>
/// <param name="choices">How many answers must finish.</param>
/// <param name="members">Where the vendor reports usage beside the wire's own places.</param>
internal sealed class OpenAiChatObserver(int choices, UsageMembers members) : AnswerObserver
{
    private HashSet<int>? _finished;
    private bool _done;
    private bool _whole;
    private Credits? _costBeside;

    protected override bool Ended => _done;

    protected override FrameMarks ReadFrame(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            _done = true;
            return FrameMarks.End;
        }

        return Read(data, out _);
    }

    protected override FrameMarks ReadWhole(ReadOnlySpan<byte> body)
    {
        _whole = true;
        var marks = Read(body, out var anyChoice);
        return anyChoice || (marks & FrameMarks.Error) != 0
            ? marks
            : throw new ProviderException(FailureClass.Drift, "choices: expected at least one, found none");
    }

    protected override void ReadFacts(ReadOnlySpan<byte> body)
    {
        _whole = true;
        Read(body, out _);
    }

    private FrameMarks Read(ReadOnlySpan<byte> json, out bool anyChoice)
    {
        var reader = JsonCursor.Open(json);
        var marks = FrameMarks.None;
        var usage = false;
        anyChoice = false;
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartArray)
                {
                    marks |= ReadChoices(ref reader, ref anyChoice);
                }
                else
                {
                    reader.Skip();
                }
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                usage |= ReadUsage(ref reader);
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
            else if (Id is null && reader.ValueTextEquals("id"u8))
            {
                Id = JsonCursor.ReadString(ref reader);
            }
            else if (Model is null && reader.ValueTextEquals("model"u8))
            {
                Model = JsonCursor.ReadString(ref reader);
            }
            else if (UsageScan.Find(ref reader, members.Outside) is { } place)
            {
                ReadOutside(ref reader, place);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        SettleCost();
        return usage && !anyChoice ? marks | FrameMarks.UsageOnly : marks;
    }

    private FrameMarks ReadChoices(ref Utf8JsonReader reader, ref bool any)
    {
        var marks = FrameMarks.None;
        while (JsonCursor.NextElement(ref reader))
        {
            any = true;
            marks |= ReadChoice(ref reader);
        }

        return marks;
    }

    private FrameMarks ReadChoice(ref Utf8JsonReader reader)
    {
        var (marks, index, finished) = (FrameMarks.None, 0, false);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            JsonCursor.SkipHere(ref reader);
            return marks;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (_whole ? reader.ValueTextEquals("message"u8) : reader.ValueTextEquals("delta"u8))
            {
                // Perplexity sends both: in a stream the message repeats all that was said so far.
                reader.Read();
                marks |= ReadDelta(ref reader) ? FrameMarks.Content : FrameMarks.None;
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                if (JsonCursor.ReadString(ref reader) is { Length: > 0 } reason)
                {
                    FinishReason = reason;
                    finished = true;
                }
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                index = (int)(JsonCursor.ReadInt64(ref reader) ?? 0);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        if (!finished)
        {
            return marks;
        }

        if (FinishReason == "error")
        {
            // OpenRouter ends a failed stream so, with the error beside it or not at all.
            Error = new ProviderException(FailureClass.Transient, "the provider ended the answer with an error");
            return FrameMarks.Error;
        }

        _done |= choices == 1 || (_finished ??= []).Add(index) && _finished.Count >= choices;
        return marks | FrameMarks.Finish;
    }

    /// <returns>Whether there is something in it that the caller can use.</returns>
    private bool ReadDelta(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            JsonCursor.SkipHere(ref reader);
            return false;
        }

        var content = false;
        while (JsonCursor.NextMember(ref reader))
        {
            if (
                reader.ValueTextEquals("role"u8)
                || reader.ValueTextEquals("name"u8)
                || reader.ValueTextEquals("channel"u8)
                || reader.ValueTextEquals("function_call"u8)
            )
            {
                JsonCursor.SkipValue(ref reader);
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                reader.Read();
                content |= ReadToolCalls(ref reader);
            }
            else
            {
                // Text, reasoning under its many names, refusal, audio, images, annotations: whatever is not empty is content.
                reader.Read();
                var bytes = Weigh(ref reader);
                ContentBytes += bytes;
                content |= bytes > 0;
            }
        }

        return content;
    }

    /// <summary>The start of a tool call does not commit, only its arguments do.</summary>
    private bool ReadToolCalls(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return false;
        }

        var content = false;
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("arguments"u8))
            {
                reader.Read();
                var bytes = Weigh(ref reader);
                ContentBytes += bytes;
                content |= bytes > 0;
            }
        }

        return content;
    }

    private bool ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        Usage = ChatUsage.Read(ref reader, members) ?? Usage;
        return true;
    }

    private void ReadOutside(ref Utf8JsonReader reader, UsageMember place)
    {
        if (place.Figure == UsageFigure.Cost)
        {
            _costBeside = ChatUsage.ReadCost(ref reader, members.Outside, place) ?? _costBeside;
        }
        else if (place.Figure == UsageFigure.Whole)
        {
            Usage = ChatUsage.ReadWithin(ref reader, place, members) ?? Usage;
        }
        else
        {
            JsonCursor.SkipValue(ref reader);
        }
    }

    /// <summary>What is reported while the answer is still under way is not yet its cost: Perplexity says 0 until the end.</summary>
    private void SettleCost()
    {
        if (Usage is { } usage && (_costBeside ?? usage.ReportedCost) is { } cost)
        {
            Credits? final = _whole || FinishReason is not null ? cost : null;
            Usage = usage.ReportedCost == final ? usage : usage with { ReportedCost = final };
        }
    }
}
