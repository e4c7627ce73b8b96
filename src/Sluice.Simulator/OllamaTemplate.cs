using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Simulator;

/// <summary>Ollama's chat.</summary>
internal sealed class OllamaTemplate : IWireTemplate
{
    private const string Time = "2026-01-15T12:00:00.000001Z";

    public string StreamType => "application/x-ndjson";

    public string Malformed => "{\"broken\":\n";

    public bool Serves(string path) => path.EndsWith("/api/chat", StringComparison.Ordinal);

    public string Whole(Answer answer, JsonElement request, string model)
    {
        var thinking = answer.Thinking is { } thought ? $",\"thinking\":{Quote(thought)}" : "";
        var calls = answer.Calls.Count == 0 ? "" : $",\"tool_calls\":[{string.Join(",", answer.Calls.Select(Call))}]";
        var message = $$$$"""{"role":"assistant","content":{{{{Quote(answer.Text)}}}}{{{{thinking}}}}{{{{calls}}}}}""";
        return Line(model, message, Done(answer, usage: true));
    }

    public StreamScript Stream(Answer answer, JsonElement request, string model, Fault fault)
    {
        var content = new List<string>();
        if (answer.Thinking is { } thinking)
        {
            content.Add(Line(model, $$$$"""{"role":"assistant","content":"","thinking":{{{{Quote(thinking)}}}}}""", "\"done\":false"));
        }

        foreach (var token in fault.OneByte ? answer.Text.Select(c => c.ToString()) : answer.Tokens)
        {
            content.Add(Line(model, $$$$"""{"role":"assistant","content":{{{{Quote(token)}}}}}""", "\"done\":false"));
        }

        content.AddRange(
            answer.Calls.Select(
                (c, i) => Line(model, $$$$"""{"role":"assistant","content":"","tool_calls":[{{{{Call(c, i)}}}}]}""", "\"done\":false")
            )
        );

        // The one last line says both how it ended and that it did.
        var ends = !fault.NoFinish && !fault.NoEnd;
        return new StreamScript(
            [Line(model, """{"role":"assistant","content":""}""", "\"done\":false")],
            content,
            ends ? [Line(model, """{"role":"assistant","content":""}""", Done(answer, !fault.NoUsage))] : []
        );
    }

    public string Error(int status, string? code, string message) =>
        $$$$"""{"error":{{{{Quote(code switch
        {
            "insufficient_quota" => "you have reached your usage limit: insufficient credits",
            "context_length_exceeded" => "the input exceeds the context window",
            "content_filter" => "refused by content policy",
            _ => message,
        })}}}}}""";

    public string ErrorFrame(string message) => $$$$"""{"error":{{{{Quote(message)}}}}}""" + "\n";

    private static string Call(Call call, int index) =>
        $$$$"""{"id":{{{{Quote(call.Id)}}}},"function":{"index":{{{{index}}}},"name":{{{{Quote(call.Name)}}}},"arguments":{{{{call.Arguments}}}}}}""";

    private static string Line(string model, string message, string end) =>
        $$$$"""{"model":{{{{Quote(model)}}}},"created_at":"{{{{Time}}}}","message":{{{{message}}}},{{{{end}}}}}""" + "\n";

    private static string Done(Answer answer, bool usage)
    {
        var counts = usage
            ? $",\"prompt_eval_count\":{answer.InputTokens},\"prompt_eval_duration\":20000000,\"eval_count\":{answer.OutputTokens},\"eval_duration\":30000000"
            : "";
        var reason = answer.Finish == Finish.Length ? "length" : "stop";
        return $"\"done\":true,\"done_reason\":\"{reason}\",\"total_duration\":60000000,\"load_duration\":10000000{counts}";
    }

    private static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
