using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.Json;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.OpenAiResponses;
using Sluice.Wires.Records;

namespace Sluice.Wires.WorkersAi;

/// <summary>Reads an answer of Workers AI as events, in whichever shape its model answers.</summary>
internal sealed class WorkersAiAnswerReader(Dialect dialect) : IAnswerReader
{
    private readonly IAnswerReader _chat = new OpenAiChatCodec().ReadAnswer(dialect);
    private readonly IAnswerReader _messages = new AnthropicCodec().ReadAnswer(dialect);
    private readonly WorkersAiNative _native = new();
    private readonly IAnswerReader _responses = new ResponsesCodec().ReadAnswer(dialect);
    private readonly ThinkTags _thinking = new();
    private readonly List<AnswerEvent> _read = [];
    private bool _called;
    private bool _finished;

    public void ReadFrame(in Frame frame, ICollection<AnswerEvent> events)
    {
        if (frame.Data.SequenceEqual("[DONE]"u8))
        {
            End(events);
        }
        else if (!frame.Data.IsEmpty)
        {
            using var document = Parse(frame.Data);
            Read(WorkersAiEnvelope.Open(document.RootElement), streamed: true, events);
        }
    }

    public void ReadWhole(ReadOnlySpan<byte> body, ICollection<AnswerEvent> events)
    {
        using var document = Parse(body);
        Read(WorkersAiEnvelope.Open(document.RootElement), streamed: false, events);
        End(events);
    }

    /// <exception cref="JsonException">It is not an object.</exception>
    public static JsonDocument Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException("not an object");
    }

    private void Read(JsonElement answer, bool streamed, ICollection<AnswerEvent> events)
    {
        switch (WorkersAiEnvelope.ShapeOf(answer))
        {
            case WorkersAiShape.Native:
                _native.Read(answer, _read);
                break;
            case WorkersAiShape.Chat:
                Delegate(_chat, answer, streamed);
                break;
            case WorkersAiShape.Responses:
                Delegate(_responses, answer, streamed);
                break;
            case WorkersAiShape.Messages:
                Delegate(_messages, answer, streamed);
                break;
        }

        foreach (var answerEvent in _read)
        {
            HandOver(answerEvent, events);
        }

        _read.Clear();
    }

    private void Delegate(IAnswerReader reader, JsonElement answer, bool streamed)
    {
        var json = JsonMarshal.GetRawUtf8Value(answer);
        if (streamed)
        {
            reader.ReadFrame(new Frame { Length = json.Length, Data = json }, _read);
        }
        else
        {
            reader.ReadWhole(json, _read);
        }
    }

    /// <summary>Usage may stand in every frame and does not end thinking; whatever else is no text does.</summary>
    private void HandOver(AnswerEvent answerEvent, ICollection<AnswerEvent> events)
    {
        switch (answerEvent)
        {
            case TextDelta text:
                _thinking.Read(text.Text, events);
                return;
            case UsageReported:
                events.Add(answerEvent);
                return;
            case Finished when _finished:
                return;
        }

        _thinking.End(events);
        _called |= answerEvent is ToolCallStarted;
        _finished |= answerEvent is Finished;
        events.Add(answerEvent);
    }

    /// <summary>Native answers end without a reason.</summary>
    private void End(ICollection<AnswerEvent> events)
    {
        _thinking.End(events);
        if (!_finished)
        {
            _finished = true;
            events.Add(new Finished(_called ? FinishReason.ToolCalls : FinishReason.Stop));
        }
    }
}
