using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Simulator;

/// <summary>OpenAI Chat Completions.</summary>
internal sealed class ChatTemplate : IWireTemplate
{
    private const long Created = 1_760_000_000;

    public bool Serves(string path) => path.EndsWith("/chat/completions", StringComparison.Ordinal);

    public string Whole(Answer answer, JsonElement request, string model)
    {
        var choices = Enumerable.Range(0, Choices(request)).Select(i => Choice(answer, i));
        return $$$$"""{"id":"chatcmpl-sim","object":"chat.completion","created":{{{{Created}}}},"model":{{{{Quote(model)}}}},"choices":[{{{{string.Join(",", choices)}}}}],"usage":{{{{Usage(answer)}}}},"service_tier":"default","system_fingerprint":"fp_sim"}""";
    }

    public StreamScript Stream(Answer answer, JsonElement request, string model, Fault fault)
    {
        var indexes = Enumerable.Range(0, Choices(request)).ToList();
        var head = indexes.Select(i => Chunk(model, i, """{"role":"assistant","content":"","refusal":null}""", null)).ToList();
        var content = indexes.SelectMany(i => Content(answer, fault).Select(delta => Chunk(model, i, delta, null))).ToList();
        var tail = new List<string>();
        if (!fault.NoFinish)
        {
            tail.AddRange(indexes.Select(i => Chunk(model, i, "{}", Reason(answer.Finish))));
        }

        if (
            !fault.NoUsage
            && request.TryGetProperty("stream_options", out var o)
            && o.TryGetProperty("include_usage", out var asked)
            && asked.GetBoolean()
        )
        {
            tail.Add(
                Frame(
                    $$$$"""{"id":"chatcmpl-sim","object":"chat.completion.chunk","created":{{{{Created}}}},"model":{{{{Quote(model)}}}},"service_tier":"default","system_fingerprint":"fp_sim","choices":[],"usage":{{{{Usage(answer)}}}}}"""
                )
            );
        }

        if (!fault.NoEnd)
        {
            tail.Add("data: [DONE]\n\n");
        }

        return new StreamScript(head, content, tail);
    }

    public string Error(int status, string? code, string message)
    {
        var type = status switch
        {
            401 => "invalid_request_error",
            429 => code ?? "requests",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        };
        var named =
            code
            ?? (
                status switch
                {
                    401 => "invalid_api_key",
                    429 => "rate_limit_exceeded",
                    404 => "model_not_found",
                    _ => null,
                }
            );
        return $$$$"""{"error":{"message":{{{{Quote(message)}}}},"type":{{{{Quote(type)}}}},"param":null,"code":{{{{(named is null ? "null" : Quote(named))}}}}}}""";
    }

    public string ErrorFrame(string message) =>
        Frame($$$$"""{"error":{"message":{{{{Quote(message)}}}},"type":"server_error","param":null,"code":null}}""");

    private static IEnumerable<string> Content(Answer answer, Fault fault)
    {
        if (answer.Thinking is { } thinking)
        {
            yield return $$$$"""{"reasoning_content":{{{{Quote(thinking)}}}}}""";
        }

        var member = answer.Refusal ? "refusal" : "content";
        foreach (var token in fault.OneByte ? answer.Text.Select(c => c.ToString()) : answer.Tokens)
        {
            yield return $$$$"""{"{{{{member}}}}":{{{{Quote(token)}}}}}""";
        }

        foreach (var (call, i) in answer.Calls.Select((c, i) => (c, i)))
        {
            yield return $$$$"""{"tool_calls":[{"index":{{{{i}}}},"id":{{{{Quote(call.Id)}}}},"type":"function","function":{"name":{{{{Quote(call.Name)}}}},"arguments":""}}]}""";
            foreach (var piece in Words.Split(call.Arguments))
            {
                yield return $$$$"""{"tool_calls":[{"index":{{{{i}}}},"function":{"arguments":{{{{Quote(piece)}}}}}}]}""";
            }
        }
    }

    private static string Choice(Answer answer, int index)
    {
        var text = answer.Refusal || answer.Calls.Count > 0 ? "null" : Quote(answer.Text);
        var refusal = answer.Refusal ? Quote(answer.Text) : "null";
        var reasoning = answer.Thinking is { } thinking ? $",\"reasoning_content\":{Quote(thinking)}" : "";
        var calls =
            answer.Calls.Count == 0
                ? ""
                : $",\"tool_calls\":[{string.Join(",", answer.Calls.Select(c => $$$$"""{"id":{{{{Quote(c.Id)}}}},"type":"function","function":{"name":{{{{Quote(c.Name)}}}},"arguments":{{{{Quote(c.Arguments)}}}}}}"""))}]";
        return $$$$"""{"index":{{{{index}}}},"message":{"role":"assistant","content":{{{{text}}}},"refusal":{{{{refusal}}}},"annotations":[]{{{{reasoning}}}}{{{{calls}}}}},"logprobs":null,"finish_reason":"{{{{Reason(answer.Finish)}}}}"}""";
    }

    private static string Chunk(string model, int index, string delta, string? reason) =>
        Frame(
            $$$$"""{"id":"chatcmpl-sim","object":"chat.completion.chunk","created":{{{{Created}}}},"model":{{{{Quote(model)}}}},"service_tier":"default","system_fingerprint":"fp_sim","choices":[{"index":{{{{index}}}},"delta":{{{{delta}}}},"logprobs":null,"finish_reason":{{{{(reason is null ? "null" : Quote(reason))}}}}}]}"""
        );

    private static string Usage(Answer a) =>
        $$$$"""{"prompt_tokens":{{{{a.InputTokens}}}},"completion_tokens":{{{{a.OutputTokens}}}},"total_tokens":{{{{a.InputTokens + a.OutputTokens}}}},"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""";

    private static string Reason(Finish finish) =>
        finish switch
        {
            Finish.Length => "length",
            Finish.Tools => "tool_calls",
            _ => "stop",
        };

    private static int Choices(JsonElement request) =>
        request.TryGetProperty("n", out var n) && n.ValueKind == JsonValueKind.Number ? n.GetInt32() : 1;

    private static string Frame(string json) => $"data: {json}\n\n";

    private static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
