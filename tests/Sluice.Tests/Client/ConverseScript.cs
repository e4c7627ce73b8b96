using System.Text.Json;
using Sluice.Simulator;
using Sluice.Wires.Json;

namespace Sluice.Tests.Client;

/// <summary>Converse: blocks in Amazon's binary events.</summary>
internal static class ConverseScript
{
    public static string Whole(JsonElement content, string finish) =>
        $$$"""{"output":{"message":{"role":"assistant","content":{{{content}}} } },"stopReason":"{{{finish}}}","usage":{"inputTokens":5,"outputTokens":3,"totalTokens":8}}""";

    public static byte[] Stream(JsonElement content, string finish) =>
        [
            .. EventMessages.Event("messageStart", """{"role":"assistant"}"""),
            .. content.EnumerateArray().SelectMany((block, i) => Block(block, i)).SelectMany(b => b),
            .. EventMessages.Event("messageStop", $$"""{"stopReason":"{{finish}}"}"""),
            .. EventMessages.Event("metadata", """{"usage":{"inputTokens":5,"outputTokens":3,"totalTokens":8}}"""),
        ];

    private static IEnumerable<byte[]> Block(JsonElement block, int index)
    {
        if (block.Get("toolUse") is { } call)
        {
            yield return EventMessages.Event(
                "contentBlockStart",
                $$$"""{"contentBlockIndex":{{{index}}},"start":{"toolUse":{"toolUseId":"{{{call.Text("toolUseId")}}}","name":"{{{call.Text("name")}}}"} } }"""
            );
        }

        foreach (var delta in Deltas(block))
        {
            yield return EventMessages.Event("contentBlockDelta", $$"""{"contentBlockIndex":{{index}},"delta":{{delta}}}""");
        }

        yield return EventMessages.Event("contentBlockStop", $$"""{"contentBlockIndex":{{index}}}""");
    }

    private static IEnumerable<string> Deltas(JsonElement block)
    {
        var reasoning = block.Get("reasoningContent");
        var cited = block.Get("citationsContent");
        return
        [
            .. ProviderScript.Halves(block.Text("text")).Select(t => $$"""{"text":{{ProviderScript.Quote(t)}}}"""),
            .. (cited?.Items("citations") ?? []).Select(c => $$"""{"citation":{{c}}}"""),
            .. (cited?.Items("content") ?? [])
                .SelectMany(c => ProviderScript.Halves(c.Text("text")))
                .Select(t => $$"""{"text":{{ProviderScript.Quote(t)}}}"""),
            .. ProviderScript
                .Halves(reasoning?.Get("reasoningText")?.Text("text"))
                .Select(t => $$$"""{"reasoningContent":{"text":{{{ProviderScript.Quote(t)}}} } }"""),
            .. reasoning?.Get("reasoningText")?.Text("signature") is { } signature
                ? (IEnumerable<string>)[$$$"""{"reasoningContent":{"signature":"{{{signature}}}"}}"""]
                : [],
            .. reasoning?.Text("redactedContent") is { } redacted
                ? (IEnumerable<string>)[$$$"""{"reasoningContent":{"redactedContent":"{{{redacted}}}"}}"""]
                : [],
            .. ProviderScript
                .Halves(block.Get("toolUse")?.Get("input")?.GetRawText())
                .Select(t => $$$"""{"toolUse":{"input":{{{ProviderScript.Quote(t)}}} } }"""),
        ];
    }
}
