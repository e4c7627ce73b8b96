using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Tests.Client;

/// <summary>Chat Completions: deltas of one message, calls by their index.</summary>
internal static class ChatScript
{
    private const string Usage = ""","usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}""";

    public static string Whole(JsonElement content, string finish) =>
        $$$"""{"id":"chatcmpl_1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{{{content}}},"finish_reason":"{{{finish}}}"}]{{{Usage}}}}""";

    public static byte[] Stream(JsonElement content, string finish) =>
        ProviderScript.Events(
            [
                .. Deltas(content).Select(d => Chunk($$"""{"index":0,"delta":{{d}}}""")),
                Chunk($$"""{"index":0,"delta":{},"finish_reason":"{{finish}}"}""", Usage),
            ],
            "data: [DONE]\n\n"
        );

    private static string Chunk(string choice, string usage = "") =>
        $$"""{"id":"chatcmpl_1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{{choice}}]{{usage}}}""";

    private static IEnumerable<string> Deltas(JsonElement message)
    {
        foreach (var entry in message.Items("reasoning_details"))
        {
            yield return $$"""{"reasoning_details":[{{entry}}]}""";
        }

        foreach (var member in (string[])["content", "refusal"])
        {
            foreach (var half in ProviderScript.Halves(message.Text(member)))
            {
                yield return $$"""{"{{member}}":{{ProviderScript.Quote(half)}}}""";
            }
        }

        foreach (var member in (string[])["annotations", "images"])
        {
            foreach (var item in message.Items(member))
            {
                yield return $$"""{"{{member}}":[{{item}}]}""";
            }
        }

        foreach (var (call, index) in message.Items("tool_calls").Select((c, i) => (c, i)))
        {
            var function = call.Get("function")!.Value;
            yield return $$$"""{"tool_calls":[{"index":{{{index}}},"id":"{{{call.Text("id")}}}","type":"function","function":{"name":"{{{function.Text("name")}}}","arguments":""}}]}""";
            foreach (var half in ProviderScript.Halves(function.Text("arguments")))
            {
                yield return $$$"""{"tool_calls":[{"index":{{{index}}},"function":{"arguments":{{{ProviderScript.Quote(half)}}} } }]}""";
            }
        }
    }
}
