using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator;

/// <summary>OpenAI Responses.</summary>
internal sealed class ResponsesTemplate : IWireTemplate
{
    private const long Created = 1_760_000_000;

    public bool Serves(string path) => path.EndsWith("/responses", StringComparison.Ordinal);

    public JsonElement InWordsOfChat(JsonElement request) => ResponsesRequest.InWordsOfChat(request);

    public string Whole(Answer answer, JsonElement request, string model) =>
        Response(request, model, answer.Finish, string.Join(",", Items(answer).Select(i => i.Whole(answer.Finish))), Usage(answer));

    public StreamScript Stream(Answer answer, JsonElement request, string model, Fault fault)
    {
        var events = new Numbered();
        var head = new List<string>
        {
            events.Write("response.created", Member(Response(request, model, null, "", "null"))),
            events.Write("response.in_progress", Member(Response(request, model, null, "", "null"))),
        };
        var content = new List<string>();
        foreach (var item in Items(answer))
        {
            // The start of the first item belongs to what nobody can use yet.
            (content.Count == 0 ? head : content).AddRange(item.Start(events));
            content.AddRange(item.Pieces(events, fault));
            content.AddRange(item.End(events, answer.Finish));
        }

        var tail = new List<string>();
        if (!fault.NoFinish && !fault.NoEnd)
        {
            var output = string.Join(",", Items(answer).Select(i => i.Whole(answer.Finish)));
            var response = Response(request, model, answer.Finish, output, fault.NoUsage ? "null" : Usage(answer));
            tail.Add(events.Write(answer.Finish == Finish.Length ? "response.incomplete" : "response.completed", Member(response)));
        }

        return new StreamScript(head, content, tail);
    }

    /// <summary>What a provider says of a response it keeps; <see langword="null"/> for a request of another kind.</summary>
    public static string? Stored(string method, string path)
    {
        const string Below = "/responses/";
        var at = path.IndexOf(Below, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var id = Quote(path[(at + Below.Length)..].Split('/')[0]);
        return method == "DELETE"
            ? $$$$"""{"id":{{{{id}}}},"object":"response","deleted":true}"""
            : $$$$"""{"id":{{{{id}}}},"object":"response","created_at":{{{{Created}}}},"status":"completed","error":null,"incomplete_details":null,"model":"sim","output":[],"parallel_tool_calls":true,"tool_choice":"auto","tools":[],"metadata":{}}""";
    }

    public string Error(int status, string? code, string message) => new ChatTemplate().Error(status, code, message);

    /// <summary>A failure is told twice.</summary>
    public string ErrorFrame(string message)
    {
        var events = new Numbered();
        return events.Write(
                "error",
                $$$$""" "error":{"type":"server_error","code":"server_error","message":{{{{Quote(message)}}}},"param":null} """.Trim()
            )
            + events.Write(
                "response.failed",
                $$$$""" "response":{"id":"resp_sim","object":"response","status":"failed","error":{"code":"server_error","message":{{{{Quote(message)}}}}},"output":[],"usage":null} """.Trim()
            );
    }

    private static IEnumerable<ResponsesItem> Items(Answer answer)
    {
        var index = 0;
        if (answer.Thinking is { } thinking)
        {
            yield return new ResponsesItem(index++, "reasoning", thinking);
        }

        if (answer.Tokens.Count > 0)
        {
            yield return new ResponsesItem(index++, answer.Refusal ? "refusal" : "output_text", answer.Text) { Tokens = answer.Tokens };
        }

        foreach (var call in answer.Calls)
        {
            yield return new ResponsesItem(index++, "function_call", call.Arguments) { Call = call };
        }
    }

    private static string Member(string response) => $"\"response\":{response}";

    private static string Response(JsonElement request, string model, Finish? finish, string output, string usage)
    {
        var status = finish switch
        {
            null => "in_progress",
            Finish.Length => "incomplete",
            _ => "completed",
        };
        var details = finish == Finish.Length ? """{"reason":"max_output_tokens"}""" : "null";
        return $$$$"""{"id":"{{{{IdOf(request)}}}}","object":"response","created_at":{{{{Created}}}},"status":"{{{{status}}}}","background":false,"error":null,"incomplete_details":{{{{details}}}},"instructions":null,"max_output_tokens":null,"model":{{{{Quote(model)}}}},"output":[{{{{output}}}}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":true,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_logprobs":0,"top_p":1.0,"truncation":"disabled","usage":{{{{usage}}}},"user":null,"metadata":{}}""";
    }

    private static string Usage(Answer a) =>
        $$$$"""{"input_tokens":{{{{a.InputTokens}}}},"input_tokens_details":{"cached_tokens":0},"output_tokens":{{{{a.OutputTokens}}}},"output_tokens_details":{"reasoning_tokens":0},"total_tokens":{{{{a.InputTokens + a.OutputTokens}}}}}""";

    /// <summary>Another request has another id, and the same one the same.</summary>
    private static string IdOf(JsonElement request) =>
        $"resp_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.GetRawText())))[..16]}";

    internal static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    /// <summary>Counts the events of a stream.</summary>
    internal sealed class Numbered
    {
        private int _next;

        public string Write(string name, string fields) =>
            $"event: {name}\ndata: {{\"type\":\"{name}\",\"sequence_number\":{_next++},{fields}}}\n\n";
    }
}
