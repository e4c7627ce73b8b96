using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Wires.Json;

namespace Sluice.Client;

/// <summary>The sound of an answer of Chat Completions as data. A later turn speaks of it by its id, so that the sound is stored once.</summary>
internal static class SpokenContent
{
    public const string Type = "audio";

    /// <summary>The first bytes of each kind, in base64; the answer does not say which was asked for.</summary>
    private static readonly (string Start, string MediaType)[] Known =
    [
        ("UklGR", "audio/wav"),
        ("SUQz", "audio/mpeg"),
        ("//", "audio/mpeg"),
        ("ZkxhQ", "audio/flac"),
        ("T2dnU", "audio/ogg"),
    ];

    public static AIContent Show(JsonElement audio) =>
        audio.Text("data") is { } data
            ? MediaProjection.Data(
                data,
                Array.Find(Known, k => data.StartsWith(k.Start, StringComparison.Ordinal)).MediaType ?? "audio/pcm"
            )
            : new AIContent();

    public static JsonElement WithoutSound(JsonElement audio)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            json.WriteStartObject();
            foreach (var member in audio.Members().Where(m => m.Name != "data"))
            {
                member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
