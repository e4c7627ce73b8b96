using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Reads a Responses answer as events.</summary>
internal sealed class ResponsesAnswerReader : IAnswerReader
{
    private readonly ResponsesObserver _facts = new();
    private readonly ItemPieces _pieces = new();
    private bool _called;
    private bool _refused;
    private bool _afterText;

    public void ReadFrame(in Frame frame, ICollection<AnswerEvent> events)
    {
        if (frame.Data.IsEmpty || frame.Data.SequenceEqual("[DONE]"u8))
        {
            return;
        }

        _facts.Observe(frame);
        var reader = new Utf8JsonReader(frame.Data, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        var index = (int?)root.Integer("output_index") ?? _pieces.PlaceOf(root.Get("item")?.Text("id") ?? root.Text("item_id"));
        switch (root.Text("type"))
        {
            case "response.output_item.added" when root.Get("item") is { } item:
                Start(index, item, added: true, events);
                break;
            case "response.output_item.done" when root.Get("item") is { } item:
                ReadItem(index, item, events);
                break;
            case "response.reasoning_summary_part.added" when root.Integer("summary_index") > 0:
                events.Add(new ReasoningDelta("\n\n"));
                break;
            case "response.content_part.added" when root.Get("part")?.Text("type") == "output_text":
                BeginText(events);
                break;
            case "response.output_text.annotation.added" when root.Get("annotation") is { } annotation:
                events.Add(new Cited(Annotation.Read(annotation)));
                break;
            case "response.completed" or "response.incomplete" when root.Get("response") is { } response:
                ReadOutput(response, events);
                Finish(response, events);
                break;
            case { } type:
                ReadPiece(index, type, root, events);
                break;
        }
    }

    public void ReadWhole(ReadOnlySpan<byte> body, ICollection<AnswerEvent> events)
    {
        _facts.ObserveWhole(body);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        var index = 0;
        foreach (var item in root.Items("output"))
        {
            ReadItem(index++, item, events);
        }

        Finish(root, events);
    }

    /// <summary>What a stream has said nothing of before its end stands in its last event alone.</summary>
    private void ReadOutput(JsonElement response, ICollection<AnswerEvent> events)
    {
        if (_pieces.Any)
        {
            return;
        }

        var index = 0;
        foreach (var item in response.Items("output"))
        {
            ReadItem(index++, item, events);
        }
    }

    /// <summary>A piece of text or arguments, or the whole of one that came in no pieces.</summary>
    private void ReadPiece(int index, string type, JsonElement root, ICollection<AnswerEvent> events)
    {
        var (kind, whole) = ItemPieces.KindOf(type);
        if (root.Text(whole ?? "delta") is not { Length: > 0 } text || EventOf(kind, index, text) is not { } piece)
        {
            return;
        }

        if (!_pieces.Add(index, root.Integer("content_index") ?? root.Integer("summary_index") ?? 0, kind) && whole is not null)
        {
            return;
        }

        _refused |= piece is RefusalDelta;
        _afterText |= piece is TextDelta;
        events.Add(piece);
        ReadLogprobs(root, events);
    }

    private AnswerEvent? EventOf(string kind, int index, string text) =>
        kind switch
        {
            "response.output_text" => new TextDelta(text),
            "response.refusal" => new RefusalDelta(text),
            "response.reasoning_summary_text" or "response.reasoning_text" => new ReasoningDelta(text),
            "response.function_call_arguments" or "response.custom_tool_call_input" when _pieces.IsCall(index) => new ToolArgumentsDelta(
                _pieces.NumberOf(index),
                text
            ),
            _ => null,
        };

    private void Start(int index, JsonElement item, bool added, ICollection<AnswerEvent> events)
    {
        var isCall = item.Text("type") is "function_call" or "custom_tool_call";
        if (_pieces.Begin(index, item.Text("id"), isCall, added))
        {
            _called = true;
            var number = _pieces.NumberOf(index);
            events.Add(new ToolCallStarted(number, item.Text("call_id") ?? item.Text("id") ?? $"call_{number}", item.Text("name") ?? ""));
        }
    }

    /// <summary>An item that is complete. What came in pieces is not repeated.</summary>
    private void ReadItem(int index, JsonElement item, ICollection<AnswerEvent> events)
    {
        Start(index, item, added: false, events);
        var whole = !_pieces.Came(index);
        switch (item.Text("type"))
        {
            case "function_call" or "custom_tool_call":
                if (whole && (item.TextOrRaw("arguments") ?? item.Text("input")) is { Length: > 0 } arguments)
                {
                    events.Add(new ToolArgumentsDelta(_pieces.NumberOf(index), arguments));
                }

                break;
            case "reasoning":
                ReadReasoning(item, whole, events);
                break;
            case "message" or null:
                if (whole)
                {
                    ReadMessage(item, events);
                }

                break;
            case { } other:
                events.Add(new PartReported(other, new OpaquePart(other, item.Clone(), WireKind.OpenAiResponses)));
                break;
        }
    }

    /// <summary>Places of sources are counted from the beginning of their own piece of text.</summary>
    private void BeginText(ICollection<AnswerEvent> events)
    {
        if (_afterText)
        {
            events.Add(new TextEnded());
        }

        _afterText = false;
    }

    private static void ReadReasoning(JsonElement item, bool whole, ICollection<AnswerEvent> events)
    {
        var text = string.Join(
            "\n\n",
            item.Items("summary").Concat(item.Items("content")).Select(p => p.Text("text")).Where(t => !string.IsNullOrEmpty(t))
        );
        if (whole && text.Length > 0)
        {
            events.Add(new ReasoningDelta(text));
        }

        if (item.Text("encrypted_content") is { Length: > 0 } encrypted)
        {
            events.Add(new ReasoningSigned(ReasoningItem.Join(item.Text("id"), encrypted)));
        }
    }

    private void ReadMessage(JsonElement item, ICollection<AnswerEvent> events)
    {
        foreach (var part in item.Items("content"))
        {
            switch (part.Text("type"))
            {
                case "output_text" when part.Text("text") is { Length: > 0 } text:
                    BeginText(events);
                    _afterText = true;
                    events.Add(new TextDelta(text));
                    foreach (var annotation in part.Items("annotations"))
                    {
                        events.Add(new Cited(Annotation.Read(annotation)));
                    }

                    ReadLogprobs(part, events);
                    break;
                case "refusal" when part.Text("refusal") is { Length: > 0 } refusal:
                    _refused = true;
                    events.Add(new RefusalDelta(refusal));
                    break;
                case not ("output_text" or "refusal" or null):
                    events.Add(new Omitted(part.Text("type")!));
                    break;
            }
        }
    }

    private static void ReadLogprobs(JsonElement element, ICollection<AnswerEvent> events)
    {
        if (element.Get("logprobs") is { ValueKind: JsonValueKind.Array } logprobs && logprobs.GetArrayLength() > 0)
        {
            events.Add(new LogprobsReported(Logprobs.InWordsOfChat(logprobs)));
        }
    }

    private void Finish(JsonElement response, ICollection<AnswerEvent> events)
    {
        if (_facts.Usage is { } usage)
        {
            events.Add(new UsageReported(usage));
        }

        events.Add(new Finished(ReasonOf(response)));
    }

    private FinishReason ReasonOf(JsonElement response) =>
        (response.Text("status"), response.Get("incomplete_details")?.Text("reason")) switch
        {
            (_, "content_filter") => FinishReason.Refusal,
            ("incomplete", _) => FinishReason.Length,
            ("queued" or "in_progress", _) => FinishReason.Paused,
            _ when _refused => FinishReason.Refusal,
            _ => _called ? FinishReason.ToolCalls : FinishReason.Stop,
        };
}
