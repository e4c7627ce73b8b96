using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Wires.Json;

namespace Sluice.Tests.Client;

/// <summary>Messages: blocks begin, grow and end; sources come before the text that rests on them.</summary>
internal static class MessagesScript
{
    public static string Whole(JsonElement content, string finish) =>
        $$"""{"id":"msg_1","type":"message","role":"assistant","model":"m","content":{{content}},"stop_reason":"{{finish}}","usage":{"input_tokens":5,"output_tokens":3} }""";

    public static byte[] Stream(JsonElement content, string finish)
    {
        var frames = new List<string>
        {
            """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":5,"output_tokens":1}}}""",
        };
        foreach (var (block, index) in content.EnumerateArray().Select((b, i) => (b, i)))
        {
            frames.Add($$"""{"type":"content_block_start","index":{{index}},"content_block":{{Begun(block)}}}""");
            frames.AddRange(Deltas(block).Select(d => $$"""{"type":"content_block_delta","index":{{index}},"delta":{{d}}}"""));
            frames.Add($$"""{"type":"content_block_stop","index":{{index}}}""");
        }

        frames.Add($$$"""{"type":"message_delta","delta":{"stop_reason":"{{{finish}}}"},"usage":{"output_tokens":3}}""");
        frames.Add("""{"type":"message_stop"}""");
        return ProviderScript.Events(frames);
    }

    private static string Begun(JsonElement block)
    {
        var begun = JsonNode.Parse(block.GetRawText())!.AsObject();
        switch (block.Text("type"))
        {
            case "text":
                begun["text"] = "";
                if (begun.ContainsKey("citations"))
                {
                    begun["citations"] = new JsonArray();
                }

                break;
            case "thinking":
                begun["thinking"] = "";
                begun["signature"] = "";
                break;
            case "tool_use" or "server_tool_use":
                begun["input"] = new JsonObject();
                break;
        }

        return begun.ToJsonString();
    }

    private static IEnumerable<string> Deltas(JsonElement block) =>
        block.Text("type") switch
        {
            "text" =>
            [
                .. block.Items("citations").Select(c => $$"""{"type":"citations_delta","citation":{{c}}}"""),
                .. ProviderScript.Halves(block.Text("text")).Select(t => $$"""{"type":"text_delta","text":{{ProviderScript.Quote(t)}}}"""),
            ],
            "thinking" =>
            [
                .. ProviderScript
                    .Halves(block.Text("thinking"))
                    .Select(t => $$"""{"type":"thinking_delta","thinking":{{ProviderScript.Quote(t)}}}"""),
                $$"""{"type":"signature_delta","signature":"{{block.Text("signature")}}"}""",
            ],
            "tool_use" or "server_tool_use" when block.Get("input")!.Value.Members().Any() => ProviderScript
                .Halves(block.Get("input")!.Value.GetRawText())
                .Select(t => $$"""{"type":"input_json_delta","partial_json":{{ProviderScript.Quote(t)}}}"""),
            _ => [],
        };
}
