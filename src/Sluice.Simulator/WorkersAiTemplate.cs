using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Simulator;

/// <summary>Cloudflare Workers AI, its native endpoint.</summary>
internal sealed class WorkersAiTemplate : IWireTemplate
{
    public bool Serves(string path) => path.Contains("/ai/run/", StringComparison.Ordinal);

    public string Whole(Answer answer, JsonElement request, string model)
    {
        var calls =
            answer.Calls.Count == 0
                ? ""
                : $",\"tool_calls\":[{string.Join(",", answer.Calls.Select(c => $$$$"""{"name":{{{{Quote(c.Name)}}}},"arguments":{{{{c.Arguments}}}}}"""))}]";
        var text = answer.Calls.Count > 0 ? "null" : Quote(Thought(answer) + answer.Text);
        return Envelope($$$$"""{"response":{{{{text}}}}{{{{calls}}}},"usage":{{{{Usage(answer)}}}}}""");
    }

    /// <summary>What a model that cannot stream says to a stream request.</summary>
    public string? NoStream => Envelope("{}");

    public StreamScript Stream(Answer answer, JsonElement request, string model, Fault fault)
    {
        var tail = new List<string>();
        if (!fault.NoFinish && answer.Finish != Finish.Stop)
        {
            var reason = answer.Finish switch
            {
                Finish.Length => "length",
                Finish.Tools => "tool_calls",
                _ => "stop",
            };
            tail.Add(Frame($"{{\"finish_reason\":\"{reason}\"}}"));
        }

        if (!fault.NoUsage)
        {
            tail.Add(Frame($$$$"""{"response":"","usage":{{{{Usage(answer)}}}}}"""));
        }

        if (!fault.NoEnd)
        {
            tail.Add("data: [DONE]\n\n");
        }

        return new StreamScript([Frame("""{"tool_calls":[],"p":"abdefgh"}""")], [.. Content(answer, fault)], tail);
    }

    public string Error(int status, string? code, string message)
    {
        var (number, said) = code switch
        {
            "insufficient_quota" => (3036, "You have used up your daily free allocation of 10,000 neurons."),
            "context_length_exceeded" => (
                5021,
                "The estimated number of input and maximum output tokens exceeds this model's context window."
            ),
            "content_filter" => (5040, "Blocked by content policy"),
            _ => (
                status switch
                {
                    401 => 10000,
                    404 => 5007,
                    429 => 3040,
                    >= 500 => 3043,
                    _ => 5004,
                },
                message
            ),
        };
        return $$$$"""{"result":null,"success":false,"errors":[{"code":{{{{number}}}},"message":{{{{Quote(said)}}}}}],"messages":[]}""";
    }

    public string ErrorFrame(string message) =>
        Frame($$$$"""{"errors":[{"code":3043,"message":{{{{Quote(message)}}}}}],"success":false,"result":{},"messages":[]}""");

    private static IEnumerable<string> Content(Answer answer, Fault fault)
    {
        foreach (var piece in Words.Split(Thought(answer)))
        {
            yield return Frame($"{{\"response\":{Quote(piece)}}}");
        }

        foreach (var token in fault.OneByte ? answer.Text.Select(c => c.ToString()) : answer.Tokens)
        {
            yield return Frame($$$$"""{"response":{{{{Quote(token)}}}},"p":"abc"}""");
        }

        foreach (var (call, i) in answer.Calls.Select((c, i) => (c, i)))
        {
            yield return Call(
                $$$$"""{"id":{{{{Quote(call.Id)}}}},"type":"function","index":{{{{i}}}},"function":{"name":{{{{Quote(call.Name)}}}},"arguments":""}}"""
            );
            foreach (var piece in Words.Split(call.Arguments))
            {
                yield return Call($$$$"""{"index":{{{{i}}}},"function":{"arguments":{{{{Quote(piece)}}}}}}""");
            }

            yield return Call($$$$"""{"id":null,"type":null,"index":{{{{i}}}},"function":{"name":null,"arguments":""}}""");
        }
    }

    private static string Thought(Answer answer) => answer.Thinking is { } thinking ? $"<think>{thinking}</think>\n" : "";

    private static string Call(string call) => Frame($"{{\"tool_calls\":[{call}]}}");

    private static string Usage(Answer a) =>
        $$$$"""{"prompt_tokens":{{{{a.InputTokens}}}},"completion_tokens":{{{{a.OutputTokens}}}},"total_tokens":{{{{a.InputTokens + a.OutputTokens}}}}}""";

    private static string Envelope(string result) => $$$$"""{"result":{{{{result}}}},"success":true,"errors":[],"messages":[]}""";

    private static string Frame(string json) => $"data: {json}\n\n";

    private static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
