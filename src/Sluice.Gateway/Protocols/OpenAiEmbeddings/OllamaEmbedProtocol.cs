using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;

namespace Sluice.Gateway.Protocols.OpenAiEmbeddings;

/// <summary>Embeddings for Ollama's clients: <c>/api/embed</c>. Source: https://docs.ollama.com/api/embed.</summary>
internal sealed class OllamaEmbedProtocol : IClientProtocol
{
    /// <summary>What both protocols call the same.</summary>
    private static readonly string[] Shared = ["model", "input", "dimensions", "providerOptions"];

    public WireKind Wire => WireKind.OpenAiEmbeddings;

    public ReadOnlyMemory<byte> ReadBody(ReadOnlyMemory<byte> body, ICollection<string> lost)
    {
        var members = JsonMembers.Read(body);
        var kept = new List<(string Name, byte[] Value)>();
        foreach (var member in members)
        {
            if (Shared.Contains(member.Name))
            {
                kept.Add((member.Name, body.Span[member.ValueStart..member.End].ToArray()));
            }
            else
            {
                lost.Add(member.Name);
            }
        }

        return JsonText.Object(kept);
    }

    public ReadOnlyMemory<byte> WriteBody(ReadOnlyMemory<byte> body, Call call)
    {
        using var answer = JsonDocument.Parse(body);
        var output = new ArrayBufferWriter<byte>(body.Length);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("model", answer.RootElement.Text("model"));
        json.WriteStartArray("embeddings");
        foreach (var item in answer.RootElement.Items("data").OrderBy(i => i.Integer("index")))
        {
            item.GetProperty("embedding").WriteTo(json);
        }

        json.WriteEndArray();
        var attempt = call.Attempts[^1];
        json.WriteNumber("total_duration", attempt.Duration.Ticks * TimeSpan.NanosecondsPerTick);
        json.WriteNumber("load_duration", 0);
        json.WriteNumber("prompt_eval_count", attempt.Usage.InputTokens);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    public byte[] Error(ClientError error) => ErrorText.Utf8(new JsonObject { ["error"] = error.Message });

    public byte[] ErrorEvent(ClientError error) => Error(error);
}
