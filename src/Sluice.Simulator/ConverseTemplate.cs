using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Simulator;

/// <summary>Amazon Bedrock Converse. A frame is written as name and payload on two lines, and sent as a binary message.</summary>
internal sealed class ConverseTemplate : IWireTemplate
{
    private const string Exception = "!";

    public string StreamType => "application/vnd.amazon.eventstream";

    public string Malformed => Event("contentBlockDelta", "{\"broken\":");

    public bool Serves(string path) =>
        path.EndsWith("/converse", StringComparison.Ordinal) || path.EndsWith("/converse-stream", StringComparison.Ordinal);

    public JsonElement InWordsOfChat(JsonElement request) => ConverseRequest.InWordsOfChat(request);

    public string Whole(Answer answer, JsonElement request, string model)
    {
        var blocks = new List<string>();
        if (answer.Thinking is { } thinking)
        {
            blocks.Add($$$$"""{"reasoningContent":{"reasoningText":{"signature":"c2ltdWxhdGVk","text":{{{{Quote(thinking)}}}}}}}""");
        }

        if (answer.Tokens.Count > 0)
        {
            blocks.Add($$$$"""{"text":{{{{Quote(answer.Text)}}}}}""");
        }

        blocks.AddRange(
            answer.Calls.Select(c =>
                $$$$"""{"toolUse":{"input":{{{{c.Arguments}}}},"name":{{{{Quote(c.Name)}}}},"toolUseId":{{{{Quote(Id(c))}}}}}}"""
            )
        );
        return $$$$"""{"metrics":{"latencyMs":12},"output":{"message":{"content":[{{{{string.Join(",", blocks)}}}}],"role":"assistant"}},"stopReason":"{{{{Reason(answer.Finish)}}}}","usage":{{{{Usage(answer)}}}}}""";
    }

    public StreamScript Stream(Answer answer, JsonElement request, string model, Fault fault)
    {
        var content = new List<string>();
        var index = 0;
        if (answer.Thinking is { } thinking)
        {
            content.Add(Delta(index, $$$$"""{"reasoningContent":{"text":{{{{Quote(thinking)}}}}}}"""));
            content.Add(Delta(index, """{"reasoningContent":{"signature":"c2ltdWxhdGVk"}}"""));
            content.Add(Stop(index++));
        }

        var tail = new List<string>();
        if (answer.Tokens.Count > 0)
        {
            var tokens = fault.OneByte ? answer.Text.Select(c => c.ToString()) : answer.Tokens;
            content.AddRange(tokens.Select(t => Delta(index, $$$$"""{"text":{{{{Quote(t)}}}}}""")));
            tail.Add(Stop(index++));
        }

        foreach (var call in answer.Calls)
        {
            content.Add(
                Event(
                    "contentBlockStart",
                    $$$$"""{"contentBlockIndex":{{{{index}}}},"p":"abc","start":{"toolUse":{"name":{{{{Quote(call.Name)}}}},"toolUseId":{{{{Quote(Id(call))}}}}}}}"""
                )
            );
            content.AddRange(Words.Split(call.Arguments).Select(p => Delta(index, $$$$"""{"toolUse":{"input":{{{{Quote(p)}}}}}}""")));
            content.Add(Stop(index++));
        }

        if (!fault.NoFinish)
        {
            tail.Add(Event("messageStop", $$"""{"p":"abcd","stopReason":"{{Reason(answer.Finish)}}"}"""));
        }

        if (!fault.NoEnd)
        {
            var usage = fault.NoUsage ? "" : $$""","usage":{{Usage(answer)}}""";
            tail.Add(Event("metadata", $$"""{"metrics":{"latencyMs":12},"p":"abcdefg"{{usage}}}"""));
        }

        return new StreamScript([Event("messageStart", """{"p":"abcdefghijkl","role":"assistant"}""")], content, tail);
    }

    public string Error(int status, string? code, string message) => AmazonErrors.Body(code, message);

    public KeyValuePair<string, string>? ErrorHeader(int status, string? code) =>
        KeyValuePair.Create(AmazonErrors.Header, AmazonErrors.Name(status, code));

    public string ErrorFrame(string message) => Event(Exception + "modelStreamErrorException", AmazonErrors.Body(null, message));

    public ReadOnlyMemory<byte> Encode(string frame) =>
        frame.Split('\n', 2) is [var name, var payload] && name.StartsWith(Exception, StringComparison.Ordinal)
            ? EventMessages.Exception(name[Exception.Length..], payload)
            : EventMessages.Event(frame.Split('\n', 2)[0], frame.Split('\n', 2)[1]);

    private static string Id(Call call) => call.Id.Replace("call_", "tooluse_", StringComparison.Ordinal);

    private static string Delta(int index, string delta) =>
        Event("contentBlockDelta", $$$$"""{"contentBlockIndex":{{{{index}}}},"delta":{{{{delta}}}},"p":"abcdefgh"}""");

    private static string Stop(int index) => Event("contentBlockStop", $$"""{"contentBlockIndex":{{index}},"p":"ab"}""");

    private static string Usage(Answer a) =>
        $$"""{"cacheReadInputTokens":0,"cacheWriteInputTokens":0,"inputTokens":{{a.InputTokens}},"outputTokens":{{a.OutputTokens}},"serverToolUsage":{},"totalTokens":{{a.InputTokens + a.OutputTokens}}}""";

    private static string Reason(Finish finish) =>
        finish switch
        {
            Finish.Length => "max_tokens",
            Finish.Tools => "tool_use",
            Finish.Refusal => "guardrail_intervened",
            _ => "end_turn",
        };

    private static string Event(string name, string json) => $"{name}\n{json}";

    private static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
