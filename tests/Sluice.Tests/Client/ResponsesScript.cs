using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Tests.Client;

/// <summary>Responses: items begin, grow and end, and the last of them ends the response.</summary>
internal static class ResponsesScript
{
    public static string Whole(JsonElement content, string finish) => Response(finish, content.GetRawText());

    public static byte[] Stream(JsonElement content, string finish)
    {
        var frames = new List<string> { $$"""{"type":"response.created","response":{{Response("in_progress", "[]")}}}""" };
        foreach (var (item, index) in content.EnumerateArray().Select((b, i) => (b, i)))
        {
            frames.AddRange(Frames(item, index));
            frames.Add($$"""{"type":"response.output_item.done","output_index":{{index}},"item":{{item}}}""");
        }

        frames.Add($$"""{"type":"response.completed","response":{{Response(finish, "[]")}}}""");
        return ProviderScript.Events(frames);
    }

    private static string Response(string status, string output) =>
        $$$"""{"id":"resp_1","object":"response","created_at":1,"model":"m","status":"{{{status}}}","output":{{{output}}},"usage":{"input_tokens":5,"output_tokens":3}}""";

    private static IEnumerable<string> Frames(JsonElement item, int index)
    {
        switch (item.Text("type"))
        {
            case "function_call":
                yield return $$"""{"type":"response.output_item.added","output_index":{{index}},"item":{"type":"function_call","call_id":"{{item.Text("call_id")}}","name":"{{item.Text("name")}}","arguments":""} }""";
                foreach (var half in ProviderScript.Halves(item.Text("arguments")))
                {
                    yield return $$"""{"type":"response.function_call_arguments.delta","output_index":{{index}},"delta":{{ProviderScript.Quote(half)}}}""";
                }

                break;
            case "reasoning":
                foreach (var half in item.Items("summary").SelectMany(s => ProviderScript.Halves(s.Text("text"))))
                {
                    yield return $$"""{"type":"response.reasoning_summary_text.delta","output_index":{{index}},"summary_index":0,"delta":{{ProviderScript.Quote(half)}}}""";
                }

                break;
            case "message":
                foreach (var frame in item.Items("content").SelectMany((part, i) => Part(part, index, i)))
                {
                    yield return frame;
                }

                break;
        }
    }

    private static IEnumerable<string> Part(JsonElement part, int index, int content)
    {
        yield return $$"""{"type":"response.content_part.added","output_index":{{index}},"content_index":{{content}},"part":{"type":"{{part.Text("type")}}"} }""";
        foreach (var half in ProviderScript.Halves(part.Text("text") ?? part.Text("refusal")))
        {
            yield return $$"""{"type":"response.{{part.Text("type")}}.delta","output_index":{{index}},"content_index":{{content}},"delta":{{ProviderScript.Quote(half)}}}""";
        }

        foreach (var annotation in part.Items("annotations"))
        {
            yield return $$"""{"type":"response.output_text.annotation.added","output_index":{{index}},"content_index":{{content}},"annotation":{{annotation}}}""";
        }
    }
}
