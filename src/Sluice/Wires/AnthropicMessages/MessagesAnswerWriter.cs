using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Writes a Messages answer with every member the official SDKs need; blocks open and close in order.</summary>
internal sealed class MessagesAnswerWriter(AnswerIdentity identity) : IAnswerWriter
{
    private int _index = -1;
    private string? _open;
    private int _openTool = -1;

    /// <summary>Pieces of parallel calls may come mixed, and here one block ends before the next begins. All but the first wait.</summary>
    private readonly List<(ToolCallStarted Call, StringBuilder Arguments)> _waiting = [];

    /// <summary>What is said after a call has begun: it would end the call's block, and waits as well.</summary>
    private readonly List<AnswerEvent> _after = [];
    private bool _begun;
    private Usage? _usage;
    private Finished? _finish;

    public void WriteFrames(AnswerEvent answerEvent, IBufferWriter<byte> output)
    {
        Begin(output);
        switch (answerEvent)
        {
            case TextDelta or RefusalDelta or ReasoningDelta or ReasoningSigned or ReasoningRedacted when _openTool >= 0:
                _after.Add(answerEvent);
                break;
            case TextDelta text:
                Delta(output, "text", "text_delta", "text", text.Text);
                break;
            case RefusalDelta refusal:
                Delta(output, "text", "text_delta", "text", refusal.Text);
                break;
            case Cited cited:
                Delta(output, "text", "citations_delta", json => MessagesCitations.Write(Named(json, "citation"), cited.Citation));
                break;
            case ReasoningDelta reasoning:
                Delta(output, "thinking", "thinking_delta", "thinking", reasoning.Text);
                break;
            case ReasoningSigned signed:
                Delta(output, "thinking", "signature_delta", "signature", signed.Signature);
                break;
            case ToolCallStarted call when _openTool < 0:
                _openTool = call.Index;
                OpenTool(output, call.Id, call.Name);
                break;
            case ToolCallStarted call:
                _waiting.Add((call, new StringBuilder()));
                break;
            case ToolArgumentsDelta arguments when arguments.Index == _openTool:
                Delta(output, "tool_use", "input_json_delta", "partial_json", arguments.Json);
                break;
            case ToolArgumentsDelta arguments:
                _waiting.Find(w => w.Call.Index == arguments.Index).Arguments?.Append(arguments.Json);
                break;
            case ReasoningRedacted redacted:
                Close(output);
                Open(output, "redacted_thinking", json => json.WriteString("data", redacted.Data));
                Close(output);
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
        foreach (var (call, arguments) in _waiting)
        {
            OpenTool(output, call.Id, call.Name);
            if (arguments.Length > 0)
            {
                Delta(output, "tool_use", "input_json_delta", "partial_json", arguments.ToString());
            }
        }

        _openTool = -1;
        foreach (var late in _after)
        {
            WriteFrames(late, output);
        }

        Close(output);
        Event(
            output,
            "message_delta",
            json =>
            {
                json.WriteStartObject("delta");
                json.WriteString("stop_reason", NameOf(_finish));
                json.WriteString("stop_sequence", _finish?.StopSequence);
                json.WriteEndObject();
                WriteUsage(json, _usage ?? Usage.None);
            }
        );
        Event(output, "message_stop", static _ => { });
    }

    public void WriteWhole(IReadOnlyList<AnswerEvent> events, IBufferWriter<byte> output)
    {
        var answer = WholeMessage.Of(events);
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        WriteIdentity(json);
        json.WriteStartArray("content");
        foreach (var part in answer.Parts)
        {
            WritePart(json, part);
        }

        json.WriteEndArray();
        json.WriteString("stop_reason", NameOf(new Finished(answer.Finish, answer.StopSequence)));
        json.WriteString("stop_sequence", answer.StopSequence);
        WriteUsage(json, answer.Usage ?? Usage.None);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, Part part)
    {
        switch (part)
        {
            case TextPart or RefusalPart:
                json.WriteStartObject();
                json.WriteString("type", "text");
                json.WriteString("text", part is TextPart text ? text.Text : ((RefusalPart)part).Text);
                if (part is TextPart { Citations: { Count: > 0 } citations })
                {
                    MessagesCitations.Write(json, citations);
                }
                else
                {
                    json.WriteNull("citations");
                }

                json.WriteEndObject();
                break;
            case ReasoningPart { Redacted: { } data }:
                json.WriteStartObject();
                json.WriteString("type", "redacted_thinking");
                json.WriteString("data", data);
                json.WriteEndObject();
                break;
            case ReasoningPart reasoning:
                json.WriteStartObject();
                json.WriteString("type", "thinking");
                json.WriteString("thinking", reasoning.Text);
                json.WriteString("signature", reasoning.Signature ?? "");
                json.WriteEndObject();
                break;
            case ToolCallPart call:
                json.WriteStartObject();
                json.WriteString("type", "tool_use");
                WriteToolUse(json, call.Id, call.Name, call.Arguments);
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteToolUse(Utf8JsonWriter json, string id, string name, string arguments)
    {
        json.WriteString("id", id);
        json.WriteString("name", name);
        json.WriteStartObject("caller");
        json.WriteString("type", "direct");
        json.WriteEndObject();
        json.WritePropertyName("input");
        try
        {
            using var parsed = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
            if (parsed.RootElement.ValueKind == JsonValueKind.Object)
            {
                parsed.RootElement.WriteTo(json);
                return;
            }
        }
        catch (JsonException)
        {
            // Cut in the middle: stop_reason says so.
        }

        // The protocol wants an object.
        json.WriteStartObject();
        json.WriteEndObject();
    }

    private void Begin(IBufferWriter<byte> output)
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        Event(
            output,
            "message_start",
            json =>
            {
                json.WriteStartObject("message");
                WriteIdentity(json);
                json.WriteStartArray("content");
                json.WriteEndArray();
                json.WriteNull("stop_reason");
                json.WriteNull("stop_sequence");
                WriteUsage(json, Usage.None);
                json.WriteEndObject();
            }
        );
    }

    private void Delta(IBufferWriter<byte> output, string block, string type, string member, string value) =>
        Delta(output, block, type, json => json.WriteString(member, value));

    private void Delta(IBufferWriter<byte> output, string block, string type, Action<Utf8JsonWriter> value)
    {
        if (_open != block)
        {
            Close(output);
            Open(
                output,
                block,
                json =>
                {
                    json.WriteString(block, "");
                    if (block == "thinking")
                    {
                        json.WriteString("signature", "");
                    }
                }
            );
        }

        Event(
            output,
            "content_block_delta",
            json =>
            {
                json.WriteNumber("index", _index);
                json.WriteStartObject("delta");
                json.WriteString("type", type);
                value(json);
                json.WriteEndObject();
            }
        );
        if (type == "signature_delta")
        {
            // What is reasoned after a signature is a block of its own.
            Close(output);
        }
    }

    private static Utf8JsonWriter Named(Utf8JsonWriter json, string member)
    {
        json.WritePropertyName(member);
        return json;
    }

    private void OpenTool(IBufferWriter<byte> output, string id, string name)
    {
        Close(output);
        Open(output, "tool_use", json => WriteToolUse(json, id, name, "{}"));
        Delta(output, "tool_use", "input_json_delta", "partial_json", "");
    }

    private void Open(IBufferWriter<byte> output, string block, Action<Utf8JsonWriter> fields)
    {
        _open = block;
        _index++;
        Event(
            output,
            "content_block_start",
            json =>
            {
                json.WriteNumber("index", _index);
                json.WriteStartObject("content_block");
                json.WriteString("type", block);
                fields(json);
                json.WriteEndObject();
            }
        );
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_open is null)
        {
            return;
        }

        _open = null;
        Event(output, "content_block_stop", json => json.WriteNumber("index", _index));
    }

    private void WriteIdentity(Utf8JsonWriter json)
    {
        json.WriteString("id", identity.Id);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", identity.Model);
    }

    private static void Event(IBufferWriter<byte> output, string name, Action<Utf8JsonWriter> fields)
    {
        output.Write("event: "u8);
        output.Write(Encoding.UTF8.GetBytes(name));
        output.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(output, JsonStyle.Compact))
        {
            json.WriteStartObject();
            json.WriteString("type", name);
            fields(json);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    /// <summary>Input counts without what was cached, here.</summary>
    private static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens);
        json.WriteNumber("cache_creation_input_tokens", usage.CacheWriteTokens);
        json.WriteNumber("cache_read_input_tokens", usage.CacheReadTokens);
        json.WriteStartObject("cache_creation");
        json.WriteNumber("ephemeral_5m_input_tokens", usage.CacheWriteTokens - usage.CacheWrite1hTokens);
        json.WriteNumber("ephemeral_1h_input_tokens", usage.CacheWrite1hTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", usage.OutputTokens);
        json.WriteString("service_tier", "standard");
        json.WriteEndObject();
    }

    private static string NameOf(Finished? finish) =>
        finish?.Reason switch
        {
            FinishReason.Length => "max_tokens",
            FinishReason.ToolCalls => "tool_use",
            FinishReason.Refusal => "refusal",
            FinishReason.Paused => "pause_turn",
            _ => finish?.StopSequence is null ? "end_turn" : "stop_sequence",
        };
}
