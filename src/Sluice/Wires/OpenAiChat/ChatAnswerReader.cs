using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Reads a Chat Completions answer as events; of several choices the first.</summary>
internal sealed class ChatAnswerReader : IAnswerReader
{
    /// <summary>Members of a message that no record holds.</summary>
    private static readonly string[] Unheld = ["annotations", "audio", "images", "function_call"];

    private readonly HashSet<int> _started = [];
    private FinishReason? _finish;
    private bool _refused;

    public void ReadFrame(in Frame frame, ICollection<AnswerEvent> events)
    {
        if (frame.Data.IsEmpty || frame.Data.SequenceEqual("[DONE]"u8))
        {
            return;
        }

        var reader = new Utf8JsonReader(frame.Data, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        Read(document.RootElement, frame.Data, "delta", events);
    }

    public void ReadWhole(ReadOnlySpan<byte> body, ICollection<AnswerEvent> events)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        Read(document.RootElement, body, "message", events);
    }

    private void Read(JsonElement root, ReadOnlySpan<byte> json, string member, ICollection<AnswerEvent> events)
    {
        foreach (var choice in root.Items("choices"))
        {
            if ((choice.Integer("index") ?? 0) != 0)
            {
                events.Add(new Omitted("n"));
                continue;
            }

            if (choice.Get("logprobs") is { ValueKind: JsonValueKind.Object })
            {
                events.Add(new Omitted("logprobs"));
            }

            if (choice.Get(member) is { } delta)
            {
                ReadDelta(delta, events);
            }

            // OpenRouter sends a second finish with the usage; the first one counts.
            if (choice.Text("finish_reason") is { Length: > 0 } reason && _finish is null)
            {
                _finish = ReasonOf(reason);
                events.Add(new Finished(_finish.Value));
            }
        }

        if (root.Get("usage") is { ValueKind: JsonValueKind.Object })
        {
            events.Add(new UsageReported(UsageOf(json)));
        }
    }

    private void ReadDelta(JsonElement delta, ICollection<AnswerEvent> events)
    {
        if ((delta.Text("reasoning_content") ?? delta.Text("reasoning")) is { Length: > 0 } reasoning)
        {
            events.Add(new ReasoningDelta(reasoning));
        }

        switch (delta.Get("content"))
        {
            case { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } said:
                events.Add(new TextDelta(said));
                break;
            case { ValueKind: JsonValueKind.Array } parts:
                foreach (var part in parts.EnumerateArray())
                {
                    ReadPart(part, events);
                }

                break;
        }

        if (delta.Text("refusal") is { Length: > 0 } refusal)
        {
            _refused = true;
            events.Add(new RefusalDelta(refusal));
        }

        foreach (var name in Unheld)
        {
            if (delta.Get(name) is { ValueKind: JsonValueKind.Object } || delta.Items(name).Any())
            {
                events.Add(new Omitted(name));
            }
        }

        var position = 0;
        foreach (var call in delta.Items("tool_calls"))
        {
            ReadToolCall(call, position++, events);
        }
    }

    /// <summary>Mistral's reasoning models send content as a list of text and thinking.</summary>
    private static void ReadPart(JsonElement part, ICollection<AnswerEvent> events)
    {
        if (part.Text("text") is { Length: > 0 } text)
        {
            events.Add(new TextDelta(text));
        }
        else if (part.Text("type") is { } type and not ("text" or "thinking"))
        {
            events.Add(new Omitted(type));
        }

        foreach (var thought in part.Items("thinking"))
        {
            if (thought.Text("text") is { Length: > 0 } thinking)
            {
                events.Add(new ReasoningDelta(thinking));
            }
        }
    }

    private void ReadToolCall(JsonElement call, int position, ICollection<AnswerEvent> events)
    {
        if (call.Get("function") is not { } function)
        {
            return;
        }

        var index = (int)(call.Integer("index") ?? position);
        if (function.Text("name") is { Length: > 0 } name && _started.Add(index))
        {
            var id = call.Text("id");
            events.Add(new ToolCallStarted(index, string.IsNullOrEmpty(id) ? $"call_{index}" : id, name));
        }

        if (_started.Contains(index) && function.TextOrRaw("arguments") is { Length: > 0 } arguments)
        {
            events.Add(new ToolArgumentsDelta(index, arguments));
        }
    }

    private FinishReason ReasonOf(string reason) =>
        reason switch
        {
            _ when _refused => FinishReason.Refusal,
            "length" or "model_length" => FinishReason.Length,
            "tool_calls" or "function_call" => FinishReason.ToolCalls,
            "content_filter" => FinishReason.Refusal,
            _ => _started.Count > 0 ? FinishReason.ToolCalls : FinishReason.Stop,
        };

    private static Money.Usage UsageOf(ReadOnlySpan<byte> json)
    {
        var observer = new OpenAiChatObserver(1);
        observer.Observe(new Frame { Length = json.Length, Data = json });
        return observer.Usage ?? throw new ProviderException(FailureClass.Drift, "usage: expected object");
    }
}
