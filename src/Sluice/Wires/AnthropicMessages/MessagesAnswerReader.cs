using System.Text.Json;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Reads a Messages answer as events.</summary>
internal sealed class MessagesAnswerReader : IAnswerReader
{
    private readonly AnthropicObserver _facts = new();
    private readonly HashSet<int> _tools = [];

    /// <summary>Arguments that a call began with: they are all of them where no pieces follow.</summary>
    private readonly Dictionary<int, string> _begunWith = [];

    /// <summary>Blocks of the provider's own tools, which are handed over whole.</summary>
    private readonly Dictionary<int, BlockDraft> _drafts = [];

    /// <summary>Sources of the block under way; they come before its text.</summary>
    private readonly List<Citation> _citations = [];
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
        var index = (int)(root.Integer("index") ?? 0);
        switch (root.Text("type"))
        {
            case "message_start" when root.Get("message") is { } message:
                ReadMessage(message, events);
                break;
            case "content_block_start" when root.Get("content_block") is { } block:
                ReadStart(index, block, events);
                break;
            case "content_block_delta" when root.Get("delta") is { } delta:
                ReadDelta(index, delta, events);
                break;
            case "content_block_stop":
                ReadStop(index, events);
                break;
            case "message_delta":
                foreach (var open in _drafts.Keys.Concat(_begunWith.Keys).Order().Append(index).ToList())
                {
                    ReadStop(open, events);
                }

                if (_facts.Usage is { } usage)
                {
                    events.Add(new UsageReported(usage));
                }

                if (root.Get("delta") is { } end && end.Text("stop_reason") is { } reason)
                {
                    events.Add(new Finished(ReasonOf(reason), end.Text("stop_sequence")));
                }

                break;
        }
    }

    public void ReadWhole(ReadOnlySpan<byte> body, ICollection<AnswerEvent> events)
    {
        _facts.ObserveWhole(body);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        ReadContent(root, events);
        ReadEnd(root.Text("stop_reason") ?? "end_turn", root, events);
    }

    /// <summary>A message begins empty, or is whole with its reason to stop: the calls of code that runs at the provider come so.</summary>
    private void ReadMessage(JsonElement message, ICollection<AnswerEvent> events)
    {
        ReadContent(message, events);
        if (message.Text("stop_reason") is { } reason)
        {
            ReadEnd(reason, message, events);
        }
    }

    private void ReadContent(JsonElement message, ICollection<AnswerEvent> events)
    {
        var index = 0;
        foreach (var block in message.Items("content"))
        {
            ReadStart(index, block, events);
            ReadStop(index++, events);
        }
    }

    private void ReadEnd(string reason, JsonElement end, ICollection<AnswerEvent> events)
    {
        if (_facts.Usage is { } usage)
        {
            events.Add(new UsageReported(usage));
        }

        events.Add(new Finished(ReasonOf(reason), end.Text("stop_sequence")));
    }

    private void EndCall(int index, ICollection<AnswerEvent> events)
    {
        if (_begunWith.Remove(index, out var arguments))
        {
            events.Add(new ToolArgumentsDelta(index, arguments));
        }
    }

    private void ReadStart(int index, JsonElement block, ICollection<AnswerEvent> events)
    {
        var type = block.Text("type");
        if (type == "text" && _afterText)
        {
            events.Add(new TextEnded());
        }

        _afterText = type == "text";
        switch (type)
        {
            case "tool_use":
                _tools.Add(index);
                if (block.Get("input") is { } input && input.Members().Any())
                {
                    _begunWith[index] = input.GetRawText();
                }

                events.Add(new ToolCallStarted(index, block.Text("id") ?? $"toolu_{index}", block.Text("name") ?? ""));
                break;
            case "redacted_thinking" when block.Text("data") is { } data:
                events.Add(new ReasoningRedacted(data));
                break;
            case "text":
                ReadText(block, events);
                break;
            case "thinking":
                ReadThinking(block, events);
                break;
            case not null:
                _drafts[index] = new BlockDraft(block);
                break;
        }
    }

    private void ReadStop(int index, ICollection<AnswerEvent> events)
    {
        Cite(events);
        EndCall(index, events);
        if (_drafts.Remove(index, out var draft))
        {
            events.Add(new PartReported(draft.Type, draft.Whole()));
        }
    }

    private void Cite(ICollection<AnswerEvent> events)
    {
        foreach (var citation in _citations)
        {
            events.Add(new Cited(citation));
        }

        _citations.Clear();
    }

    private void ReadText(JsonElement block, ICollection<AnswerEvent> events)
    {
        if (block.Text("text") is { Length: > 0 } text)
        {
            events.Add(new TextDelta(text));
        }

        _citations.AddRange(block.Items("citations").Select(MessagesCitations.Read));
    }

    private static void ReadThinking(JsonElement block, ICollection<AnswerEvent> events)
    {
        if (block.Text("thinking") is { Length: > 0 } thinking)
        {
            events.Add(new ReasoningDelta(thinking));
        }

        if (block.Text("signature") is { Length: > 0 } signature)
        {
            events.Add(new ReasoningSigned(signature));
        }
    }

    private void ReadDelta(int index, JsonElement delta, ICollection<AnswerEvent> events)
    {
        switch (delta.Text("type"))
        {
            case "text_delta" when delta.Text("text") is { Length: > 0 } text:
                events.Add(new TextDelta(text));
                break;
            case "citations_delta" when delta.Get("citation") is { } citation:
                _citations.Add(MessagesCitations.Read(citation));
                break;
            case "thinking_delta" or "signature_delta":
                ReadThinking(delta, events);
                break;
            case "input_json_delta" when _tools.Contains(index) && delta.Text("partial_json") is { Length: > 0 } json:
                _begunWith.Remove(index);
                events.Add(new ToolArgumentsDelta(index, json));
                break;
            default:
                _drafts.GetValueOrDefault(index)?.Add(delta);
                break;
        }
    }

    private static FinishReason ReasonOf(string reason) =>
        reason switch
        {
            "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
            "tool_use" => FinishReason.ToolCalls,
            "refusal" => FinishReason.Refusal,
            "pause_turn" or "compaction" => FinishReason.Paused,
            _ => FinishReason.Stop,
        };
}
