using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Writes a Converse answer: the events of a stream by name, or a whole body.</summary>
internal sealed class ConverseAnswerWriter : IAnswerWriter
{
    private readonly Dictionary<int, int> _calls = [];
    private string? _open;
    private int _index = -1;
    private bool _begun;
    private Finished? _finish;
    private Usage? _usage;

    public void WriteFrames(AnswerEvent answerEvent, IBufferWriter<byte> output)
    {
        Begin(output);
        switch (answerEvent)
        {
            case TextDelta text:
                Delta(output, "text", json => json.WriteString("text", text.Text));
                break;
            case RefusalDelta refusal:
                Delta(output, "text", json => json.WriteString("text", refusal.Text));
                break;
            case ReasoningDelta reasoning:
                Delta(output, "reasoning", json => Reasoning(json, "text", reasoning.Text));
                break;
            case ReasoningSigned signed:
                Delta(output, "reasoning", json => Reasoning(json, "signature", signed.Signature));
                Close(output);
                break;
            case ReasoningRedacted redacted:
                Close(output);
                Delta(output, "reasoning", json => Reasoning(json, "redactedContent", redacted.Data));
                Close(output);
                break;
            case ToolCallStarted call:
                Start(output, call);
                break;
            case ToolArgumentsDelta arguments when _calls.TryGetValue(arguments.Index, out var index):
                Block(output, "contentBlockDelta", index, "delta", json => Input(json, arguments.Json));
                break;
            case UsageReported reported:
                _usage = reported.Usage;
                break;
            case Finished finished:
                _finish = finished;
                break;
        }
    }

    public void WriteEnd(IBufferWriter<byte> output)
    {
        Begin(output);
        Close(output);
        Event(output, "messageStop", json => json.WriteString("stopReason", ReasonOf(_finish)));
        if (_usage is { } usage)
        {
            Event(output, "metadata", json => WriteUsage(json, usage));
        }
    }

    public void WriteWhole(IReadOnlyList<AnswerEvent> events, IBufferWriter<byte> output)
    {
        var message = WholeMessage.Of(events);
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        json.WriteStartObject("output");
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        var content = new ConverseContentWriter(new Losses("Converse", []));
        foreach (var part in message.Parts)
        {
            // An answer shows reasoning also where nobody signed it.
            if (part is ReasoningPart reasoning)
            {
                ConverseContentWriter.WriteReasoning(json, reasoning);
            }
            else
            {
                content.Write(json, [part]);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("stopReason", ReasonOf(new Finished(message.Finish)));
        WriteUsage(json, message.Usage ?? Usage.None);
        json.WriteEndObject();
    }

    private void Begin(IBufferWriter<byte> output)
    {
        if (!_begun)
        {
            _begun = true;
            Event(output, "messageStart", json => json.WriteString("role", "assistant"));
        }
    }

    private void Start(IBufferWriter<byte> output, ToolCallStarted call)
    {
        Close(output);
        _calls[call.Index] = ++_index;
        _open = "tool";
        Block(
            output,
            "contentBlockStart",
            _index,
            "start",
            json =>
            {
                json.WriteStartObject("toolUse");
                json.WriteString("toolUseId", call.Id);
                json.WriteString("name", call.Name);
                json.WriteEndObject();
            }
        );
    }

    private void Delta(IBufferWriter<byte> output, string kind, Action<Utf8JsonWriter> delta)
    {
        if (_open != kind)
        {
            Close(output);
            _open = kind;
            _index++;
        }

        Block(output, "contentBlockDelta", _index, "delta", delta);
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_open is not null)
        {
            Event(output, "contentBlockStop", json => json.WriteNumber("contentBlockIndex", _index));
        }

        _open = null;
    }

    private static void Reasoning(Utf8JsonWriter json, string member, string value)
    {
        json.WriteStartObject("reasoningContent");
        json.WriteString(member, value);
        json.WriteEndObject();
    }

    private static void Input(Utf8JsonWriter json, string arguments)
    {
        json.WriteStartObject("toolUse");
        json.WriteString("input", arguments);
        json.WriteEndObject();
    }

    private static void Block(IBufferWriter<byte> output, string name, int index, string member, Action<Utf8JsonWriter> fields) =>
        Event(
            output,
            name,
            json =>
            {
                json.WriteNumber("contentBlockIndex", index);
                json.WriteStartObject(member);
                fields(json);
                json.WriteEndObject();
            }
        );

    private static void Event(IBufferWriter<byte> output, string name, Action<Utf8JsonWriter> fields)
    {
        output.Write(Encoding.UTF8.GetBytes($"event: {name}\ndata: "));
        using (var json = new Utf8JsonWriter(output, JsonStyle.Compact))
        {
            json.WriteStartObject();
            json.WriteStartObject(name);
            fields(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    private static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("inputTokens", usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens);
        json.WriteNumber("outputTokens", usage.OutputTokens);
        json.WriteNumber("totalTokens", usage.InputTokens + usage.OutputTokens);
        json.WriteNumber("cacheReadInputTokens", usage.CacheReadTokens);
        json.WriteNumber("cacheWriteInputTokens", usage.CacheWriteTokens);
        json.WriteEndObject();
    }

    private static string ReasonOf(Finished? finish) =>
        finish switch
        {
            { Reason: FinishReason.Length } => "max_tokens",
            { Reason: FinishReason.ToolCalls } => "tool_use",
            { Reason: FinishReason.Refusal } => "content_filtered",
            { StopSequence: not null } => "stop_sequence",
            _ => "end_turn",
        };
}
