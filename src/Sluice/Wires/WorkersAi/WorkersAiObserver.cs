using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.WorkersAi;

/// <summary>Reads the facts of an answer of Workers AI.</summary>
/// <remarks>No client speaks this wire, so that every answer is translated: the facts are those of its events, whatever its shape.</remarks>
/// <param name="reader">A reader of its own.</param>
/// <param name="streamAsked">Whether a stream was asked for.</param>
internal sealed class WorkersAiObserver(WorkersAiAnswerReader reader, bool streamAsked) : AnswerObserver
{
    private readonly List<AnswerEvent> _events = [];
    private bool _done;

    protected override bool Ended => _done;

    protected override FrameMarks ReadFrame(ReadOnlySpan<byte> data)
    {
        var frame = new Frame { Length = data.Length, Data = data };
        if (data.SequenceEqual("[DONE]"u8))
        {
            reader.ReadFrame(frame, _events);
            return Note() | FrameMarks.End;
        }

        using var document = WorkersAiAnswerReader.Parse(data);
        if (Failed(document.RootElement, data))
        {
            return FrameMarks.Error;
        }

        reader.ReadFrame(frame, _events);
        return Note();
    }

    protected override void ReadFacts(ReadOnlySpan<byte> body)
    {
        using var document = WorkersAiAnswerReader.Parse(body);
        if (!Failed(document.RootElement, body) && WorkersAiEnvelope.Open(document.RootElement).Get("usage") is { } usage)
        {
            Usage = WorkersAiNative.UsageOf(usage);
        }
    }

    protected override FrameMarks ReadWhole(ReadOnlySpan<byte> body)
    {
        using var document = WorkersAiAnswerReader.Parse(body);
        if (Failed(document.RootElement, body))
        {
            return FrameMarks.Error;
        }

        switch (WorkersAiEnvelope.ShapeOf(WorkersAiEnvelope.Open(document.RootElement)))
        {
            case WorkersAiShape.Empty when streamAsked:
                throw new ProviderException(FailureClass.ModelFault, "the model does not stream") { Status = 200, CannotStream = true };
            case WorkersAiShape.Empty or WorkersAiShape.Unknown:
                throw new ProviderException(FailureClass.Drift, "result.response: expected a value, found nothing");
        }

        reader.ReadWhole(body, _events);
        return Note();
    }

    private bool Failed(JsonElement root, ReadOnlySpan<byte> json)
    {
        var answer = WorkersAiEnvelope.Open(root);
        if (WorkersAiEnvelope.Failed(root) || WorkersAiEnvelope.Failed(answer))
        {
            Error = FailureClassifier.ClassifyBody(json);
            return true;
        }

        // Some change the id between reasoning and text; the first one stands.
        Id ??= answer.Text("id") ?? answer.Get("message")?.Text("id") ?? answer.Get("response")?.Text("id");
        Model ??= answer.Text("model");
        return false;
    }

    private FrameMarks Note()
    {
        var marks = FrameMarks.None;
        foreach (var answerEvent in _events)
        {
            marks |= Note(answerEvent);
        }

        _events.Clear();
        return marks;
    }

    private FrameMarks Note(AnswerEvent answerEvent)
    {
        switch (answerEvent)
        {
            case UsageReported reported:
                Usage = reported.Usage;
                return FrameMarks.None;
            case Finished finished:
                _done = true;
                FinishReason = NameOf(finished.Reason);
                return FrameMarks.Finish;
            default:
                var bytes = Encoding.UTF8.GetByteCount(TextOf(answerEvent));
                ContentBytes += bytes;
                return bytes > 0 ? FrameMarks.Content : FrameMarks.None;
        }
    }

    private static string TextOf(AnswerEvent answerEvent) =>
        answerEvent switch
        {
            TextDelta text => text.Text,
            ReasoningDelta reasoning => reasoning.Text,
            RefusalDelta refusal => refusal.Text,
            ToolArgumentsDelta arguments => arguments.Json,
            _ => "",
        };

    private static string NameOf(FinishReason reason) =>
        reason switch
        {
            Records.FinishReason.Length => "length",
            Records.FinishReason.ToolCalls => "tool_calls",
            Records.FinishReason.Refusal => "content_filter",
            _ => "stop",
        };
}
