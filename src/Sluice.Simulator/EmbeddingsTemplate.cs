using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sluice.Simulator;

/// <summary>OpenAI Embeddings: the same text and model give the same vector, of 8 numbers or as many as were asked for.</summary>
internal sealed class EmbeddingsTemplate : IWireTemplate
{
    private const int Usual = 8;

    public bool Serves(string path) => path.EndsWith("/embeddings", StringComparison.Ordinal);

    public string Whole(Answer answer, JsonElement request, string model)
    {
        var inputs = Inputs(request.GetProperty("input"));
        var length = request.TryGetProperty("dimensions", out var dimensions) ? dimensions.GetInt32() : Usual;
        var base64 = request.TryGetProperty("encoding_format", out var format) && format.GetString() == "base64";
        var data = inputs.Select(
            (text, i) => $$"""{"object":"embedding","index":{{i}},"embedding":{{Write(Vector(model + text, length), base64)}}}"""
        );
        var tokens = inputs.Sum(Words.Count);
        return $$$"""{"object":"list","data":[{{{string.Join(",", data)}}}],"model":{{{JsonSerializer.Serialize(model)}}},"usage":{"prompt_tokens":{{{tokens}}},"total_tokens":{{{tokens}}}}}""";
    }

    public StreamScript Stream(Answer answer, JsonElement request, string model, Fault fault) =>
        new([], [Whole(answer, request, model)], []);

    public string Error(int status, string? code, string message) =>
        $$$"""{"error":{"message":{{{JsonSerializer.Serialize(message)}}},"type":"{{{(status >= 500 ? "server_error" : "invalid_request_error")}}}","param":null,"code":{{{(
            code is null ? "null" : $"\"{code}\""
        )}}}}}""";

    public string ErrorFrame(string message) => Error(500, null, message);

    /// <summary>A list of numbers is one input, as tokens.</summary>
    private static List<string> Inputs(JsonElement input) =>
        input.ValueKind == JsonValueKind.Array && !input.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Number)
            ? [.. input.EnumerateArray().Select(i => i.ToString())]
            : [input.ToString()];

    private static float[] Vector(string text, int length)
    {
        var bytes = new byte[length];
        SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Math.Min(length, 32)).CopyTo(bytes);
        return [.. bytes.Select(b => (b - 128) / 128f)];
    }

    private static string Write(float[] vector, bool base64) =>
        base64
            ? $"\"{Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan()))}\""
            : $"[{string.Join(",", vector.Select(f => f.ToString("R", CultureInfo.InvariantCulture)))}]";
}
