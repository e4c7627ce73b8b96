using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;

namespace Sluice.Wires.Gemini;

/// <summary>Reads the facts of a Gemini answer. A stream has no last frame of its own: it ends after a finish or block reason, and text may still follow one.</summary>
/// <param name="choices">How many candidates must finish.</param>
internal sealed class GeminiObserver(int choices) : AnswerObserver
{
    private readonly GeminiUsage _usage = new();
    private HashSet<int>? _finished;
    private bool _done;
    private int _queries;

    protected override bool Ended => _done;

    protected override ReadOnlySpan<byte> UsageMember => "usageMetadata"u8;

    protected override FrameMarks ReadFrame(ReadOnlySpan<byte> data) => Read(data, out _);

    protected override FrameMarks ReadWhole(ReadOnlySpan<byte> body)
    {
        var marks = Read(body, out var hasCandidates, array: GeminiFraming.IsArray(body));
        return hasCandidates || (marks & (FrameMarks.Error | FrameMarks.Finish)) != 0
            ? marks
            : throw new ProviderException(FailureClass.Drift, "candidates: expected array, found nothing");
    }

    protected override void ReadFacts(ReadOnlySpan<byte> body) => Read(body, out _, array: GeminiFraming.IsArray(body));

    private FrameMarks Read(ReadOnlySpan<byte> body, out bool hasCandidates, bool array) =>
        array ? ReadArray(body, out hasCandidates) : Read(body, out hasCandidates);

    /// <summary>A stream that was not asked for as events comes as one array.</summary>
    private FrameMarks ReadArray(ReadOnlySpan<byte> body, out bool hasCandidates)
    {
        var (marks, framing) = (FrameMarks.None, new GeminiFraming());
        hasCandidates = false;
        while (!body.IsEmpty)
        {
            if (!framing.TryRead(body, final: true, out var frame))
            {
                throw new JsonException("the array has no end");
            }

            if (!frame.Data.IsEmpty)
            {
                marks |= Read(frame.Data, out var some);
                hasCandidates |= some;
            }

            body = body[frame.Length..];
        }

        return marks;
    }

    private FrameMarks Read(ReadOnlySpan<byte> json, out bool hasCandidates)
    {
        var reader = JsonCursor.Open(json);
        var marks = FrameMarks.None;
        hasCandidates = false;
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("candidates"u8))
            {
                reader.Read();
                hasCandidates = reader.TokenType == JsonTokenType.StartArray;
                marks |= ReadCandidates(ref reader);
            }
            else if (reader.ValueTextEquals("promptFeedback"u8))
            {
                marks |= ReadFeedback(ref reader);
            }
            else if (reader.ValueTextEquals("usageMetadata"u8))
            {
                if (JsonCursor.Enter(ref reader))
                {
                    _usage.Read(ref reader);
                }
            }
            else if (reader.ValueTextEquals("responseId"u8))
            {
                Id = JsonCursor.ReadString(ref reader) ?? Id;
            }
            else if (reader.ValueTextEquals("modelVersion"u8))
            {
                Model = JsonCursor.ReadString(ref reader) ?? Model;
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

        Usage = _usage.ToUsage(GeminiModel.IsThird(Model ?? "") ? _queries : Math.Min(_queries, 1)) ?? Usage;
        if (FinishReason is { } reason && GeminiFinish.IsFault(reason))
        {
            Error = new ProviderException(FailureClass.ModelFault, $"the model failed at its answer ({reason})");
            return FrameMarks.Error;
        }

        return marks;
    }

    private FrameMarks ReadCandidates(ref Utf8JsonReader reader)
    {
        var marks = FrameMarks.None;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return marks;
        }

        while (JsonCursor.NextElement(ref reader))
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                marks |= ReadCandidate(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return marks;
    }

    private FrameMarks ReadCandidate(ref Utf8JsonReader reader)
    {
        var (content, finished, index) = (false, false, 0);
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("content"u8))
            {
                content = ReadContent(ref reader);
            }
            else if (reader.ValueTextEquals("finishReason"u8))
            {
                if (JsonCursor.ReadString(ref reader) is { Length: > 0 } reason)
                {
                    (FinishReason, finished) = (reason, true);
                }
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                index = (int)(JsonCursor.ReadInt64(ref reader) ?? 0);
            }
            else if (reader.ValueTextEquals("groundingMetadata"u8))
            {
                ReadGrounding(ref reader);
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        if (finished)
        {
            _done |= choices == 1 || (_finished ??= []).Add(index) && _finished.Count >= choices;
        }

        return (content ? FrameMarks.Content : FrameMarks.None) | (finished ? FrameMarks.Finish : FrameMarks.None);
    }

    /// <returns>Whether there is something in it that the caller can use.</returns>
    private bool ReadContent(ref Utf8JsonReader reader)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return false;
        }

        var content = false;
        while (JsonCursor.NextMember(ref reader))
        {
            if (!reader.ValueTextEquals("parts"u8))
            {
                JsonCursor.SkipValue(ref reader);
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (JsonCursor.NextElement(ref reader))
            {
                content |= ReadPart(ref reader);
            }
        }

        return content;
    }

    private bool ReadPart(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        var content = false;
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("functionCall"u8))
            {
                content |= ReadCall(ref reader);
            }
            else if (
                reader.ValueTextEquals("thought"u8)
                || reader.ValueTextEquals("thoughtSignature"u8)
                || reader.ValueTextEquals("videoMetadata"u8)
                || reader.ValueTextEquals("partMetadata"u8)
            )
            {
                JsonCursor.SkipValue(ref reader);
            }
            else
            {
                // Text, thoughts, code and its results, images, sound: whatever is not empty is content.
                reader.Read();
                var bytes = Weigh(ref reader);
                ContentBytes += bytes;
                content |= bytes > 0;
            }
        }

        return content;
    }

    /// <summary>A call comes whole; where Vertex AI streams its arguments, its start does not commit and they do.</summary>
    private bool ReadCall(ref Utf8JsonReader reader)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return false;
        }

        var (named, whole, goesOn, bytes) = (false, false, false, 0);
        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("args"u8) || reader.ValueTextEquals("partialArgs"u8))
            {
                whole |= reader.ValueTextEquals("args"u8);
                reader.Read();
                bytes += Weigh(ref reader);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                named = JsonCursor.ReadString(ref reader) is { Length: > 0 };
            }
            else if (reader.ValueTextEquals("willContinue"u8))
            {
                reader.Read();
                goesOn = reader.TokenType == JsonTokenType.True;
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        ContentBytes += bytes;
        return bytes > 0 || named && (whole || !goesOn);
    }

    /// <summary>A blocked prompt has no candidates and is over.</summary>
    private FrameMarks ReadFeedback(ref Utf8JsonReader reader)
    {
        var marks = FrameMarks.None;
        if (!JsonCursor.Enter(ref reader))
        {
            return marks;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("blockReason"u8))
            {
                if (JsonCursor.ReadString(ref reader) is { Length: > 0 } reason)
                {
                    (FinishReason, _done, marks) = (reason, true, FrameMarks.Finish);
                }
            }
            else
            {
                JsonCursor.SkipValue(ref reader);
            }
        }

        return marks;
    }

    /// <summary>What was searched for; chunks repeat it. Older models bill a prompt that searched, newer ones each search.</summary>
    private void ReadGrounding(ref Utf8JsonReader reader)
    {
        if (!JsonCursor.Enter(ref reader))
        {
            return;
        }

        while (JsonCursor.NextMember(ref reader))
        {
            if (!reader.ValueTextEquals("webSearchQueries"u8))
            {
                JsonCursor.SkipValue(ref reader);
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            var count = 0;
            while (JsonCursor.NextElement(ref reader))
            {
                reader.Skip();
                count++;
            }

            _queries = Math.Max(_queries, count);
        }
    }
}
