using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Tests.Client;

/// <summary>Gemini: parts one after another, a text in pieces of which the last is signed.</summary>
internal static class GeminiScript
{
    public static string Whole(JsonElement content, string finish) => Chunk(content.GetRawText(), finish);

    public static byte[] Stream(JsonElement content, string finish) =>
        ProviderScript.Events([.. content.EnumerateArray().SelectMany(Pieces).Select(p => Chunk($"[{p}]", null)), Chunk("[]", finish)]);

    private static IEnumerable<string> Pieces(JsonElement part)
    {
        if (part.Text("text") is not { Length: > 1 } text)
        {
            yield return part.GetRawText();
            yield break;
        }

        var thought = part.Flag("thought") == true ? ",\"thought\":true" : "";
        var signature = part.Text("thoughtSignature") is { } signed ? $",\"thoughtSignature\":\"{signed}\"" : "";
        var halves = ProviderScript.Halves(text).ToList();
        yield return $$"""{"text":{{ProviderScript.Quote(halves[0])}}{{thought}}}""";
        yield return $$"""{"text":{{ProviderScript.Quote(halves[1])}}{{thought}}{{signature}}}""";
    }

    private static string Chunk(string parts, string? finish) =>
        $$$"""{"candidates":[{"index":0,"content":{"role":"model","parts":{{{parts}}} }{{{(finish is null ? "" : $",\"finishReason\":\"{finish}\"")}}} }],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":3},"modelVersion":"m","responseId":"r1"}""";
}
