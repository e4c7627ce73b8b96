using System.Buffers;
using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Client;

/// <summary>Probabilities of an answer's tokens: all stretches of text as one list.</summary>
internal static class LogprobsProjection
{
    public static JsonElement Write(IReadOnlyList<JsonElement> logprobs)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            json.WriteStartArray();
            foreach (var token in logprobs.SelectMany(l => l.Items("content").Concat(l.Items("refusal"))))
            {
                token.WriteTo(json);
            }

            json.WriteEndArray();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    public static IReadOnlyList<TokenLogprob>? Read(JsonElement? logprobs) =>
        logprobs is { ValueKind: JsonValueKind.Array } tokens ? [.. tokens.EnumerateArray().Select(Token)] : null;

    private static TokenLogprob Token(JsonElement token) =>
        new(token.Text("token") ?? "", (double)(token.Decimal("logprob") ?? 0), [.. token.Items("top_logprobs").Select(Token)]);
}
