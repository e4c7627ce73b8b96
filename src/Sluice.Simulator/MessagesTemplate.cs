using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Simulator;

/// <summary>Anthropic Messages.</summary>
internal sealed class MessagesTemplate : IWireTemplate
{
    public bool Serves(string path) =>
        path.EndsWith("/messages", StringComparison.Ordinal) || path.EndsWith("awPredict", StringComparison.Ordinal);

    public string Whole(Answer answer, JsonElement request, string model)
    {
        var blocks = new List<string>();
        if (answer.Thinking is { } thinking)
        {
            blocks.Add($$$$"""{"type":"thinking","thinking":{{{{Quote(thinking)}}}},"signature":"c2ltdWxhdGVk"}""");
        }

        if (answer.Tokens.Count > 0 && !answer.Refusal)
        {
            blocks.Add($$$$"""{"type":"text","text":{{{{Quote(answer.Text)}}}},"citations":null}""");
        }

        blocks.AddRange(
            answer.Calls.Select(c =>
                $$$$"""{"type":"tool_use","id":{{{{Quote(Id(c))}}}},"name":{{{{Quote(c.Name)}}}},"input":{{{{c.Arguments}}}},"caller":{"type":"direct"}}"""
            )
        );
        return $$$$"""{"id":"msg_sim","type":"message","role":"assistant","model":{{{{Quote(model)}}}},"content":[{{{{string.Join(",", blocks)}}}}],"stop_reason":"{{{{Reason(answer.Finish)}}}}","stop_sequence":null,"usage":{{{{Usage(answer, answer.OutputTokens)}}}}}""";
    }

    public StreamScript Stream(Answer answer, JsonElement request, string model, Fault fault)
    {
        var head = new List<string>
        {
            Event(
                "message_start",
                $$$$"""{"type":"message_start","message":{"id":"msg_sim","type":"message","role":"assistant","model":{{{{Quote(model)}}}},"content":[],"stop_reason":null,"stop_sequence":null,"usage":{{{{Usage(answer, 1)}}}}}}"""
            ),
        };
        var content = new List<string>();
        var index = 0;
        if (answer.Thinking is { } thinking)
        {
            content.Add(Start(index, """{"type":"thinking","thinking":"","signature":""}"""));
            content.Add(Delta(index, $$$$"""{"type":"thinking_delta","thinking":{{{{Quote(thinking)}}}}}"""));
            content.Add(Delta(index, """{"type":"signature_delta","signature":"c2ltdWxhdGVk"}"""));
            content.Add(Stop(index++));
        }

        if (answer.Tokens.Count > 0 && !answer.Refusal)
        {
            (content.Count == 0 ? head : content).AddRange([
                Start(index, """{"type":"text","text":""}"""),
                Event("ping", """{"type":"ping"}"""),
            ]);
            var tokens = fault.OneByte ? answer.Text.Select(c => c.ToString()) : answer.Tokens;
            content.AddRange(tokens.Select(t => Delta(index, $$$$"""{"type":"text_delta","text":{{{{Quote(t)}}}}}""")));
        }

        var tail = answer.Tokens.Count > 0 && !answer.Refusal ? new List<string> { Stop(index++) } : [];
        foreach (var call in answer.Calls)
        {
            content.Add(
                Start(
                    index,
                    $$$$"""{"type":"tool_use","id":{{{{Quote(Id(call))}}}},"name":{{{{Quote(call.Name)}}}},"input":{},"caller":{"type":"direct"}}"""
                )
            );
            content.Add(Delta(index, """{"type":"input_json_delta","partial_json":""}"""));
            if (call.Arguments != "{}")
            {
                content.AddRange(
                    Words
                        .Split(call.Arguments)
                        .Select(p => Delta(index, $$$$"""{"type":"input_json_delta","partial_json":{{{{Quote(p)}}}}}"""))
                );
            }

            content.Add(Stop(index++));
        }

        if (!fault.NoFinish)
        {
            var usage = fault.NoUsage ? "" : $$$$""","usage":{"output_tokens":{{{{answer.OutputTokens}}}}}""";
            tail.Add(
                Event(
                    "message_delta",
                    $$$$"""{"type":"message_delta","delta":{"stop_reason":"{{{{Reason(answer.Finish)}}}}","stop_sequence":null}{{{{usage}}}}}"""
                )
            );
        }

        if (!fault.NoEnd)
        {
            tail.Add(Event("message_stop", """{"type":"message_stop"}"""));
        }

        return new StreamScript(head, content, tail);
    }

    public string Error(int status, string? code, string message)
    {
        var type = status switch
        {
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            529 => "overloaded_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        };
        var said = code switch
        {
            "insufficient_quota" => "Your credit balance is too low to access the Anthropic API.",
            "context_length_exceeded" => "prompt is too long: 250000 tokens > 200000 maximum",
            "content_filter" => "Output blocked by content filtering policy",
            _ => message,
        };
        return $$$$"""{"type":"error","error":{"type":"{{{{type}}}}","message":{{{{Quote(said)}}}}},"request_id":"req_sim"}""";
    }

    public string ErrorFrame(string message) =>
        Event("error", $$$$"""{"type":"error","error":{"type":"overloaded_error","message":{{{{Quote(message)}}}}}}""");

    private static string Id(Call call) => call.Id.Replace("call_", "toolu_", StringComparison.Ordinal);

    private static string Start(int index, string block) =>
        Event("content_block_start", $$$$"""{"type":"content_block_start","index":{{{{index}}}},"content_block":{{{{block}}}}}""");

    private static string Delta(int index, string delta) =>
        Event("content_block_delta", $$$$"""{"type":"content_block_delta","index":{{{{index}}}},"delta":{{{{delta}}}}}""");

    private static string Stop(int index) => Event("content_block_stop", $$$$"""{"type":"content_block_stop","index":{{{{index}}}}}""");

    private static string Usage(Answer a, int output) =>
        $$$$"""{"input_tokens":{{{{a.InputTokens}}}},"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":{{{{output}}}},"service_tier":"standard"}""";

    private static string Reason(Finish finish) =>
        finish switch
        {
            Finish.Length => "max_tokens",
            Finish.Tools => "tool_use",
            Finish.Refusal => "refusal",
            _ => "end_turn",
        };

    private static string Event(string name, string json) => $"event: {name}\ndata: {json}\n\n";

    private static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
