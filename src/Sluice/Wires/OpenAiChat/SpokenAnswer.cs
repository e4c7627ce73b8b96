using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>The sound of an answer, whole or gathered from its pieces: data, transcript, and the id by which it is spoken of later.</summary>
internal sealed class SpokenAnswer
{
    public const string Member = "audio";

    private static readonly string[] Gathered = ["data", "transcript"];

    private readonly Dictionary<string, StringBuilder> _texts = [];
    private readonly Dictionary<string, JsonElement> _facts = [];

    public void Add(JsonElement audio)
    {
        foreach (var member in audio.Members())
        {
            if (!Gathered.Contains(member.Name))
            {
                _facts[member.Name] = member.Value.Clone();
            }
            else if (member.Value.ValueKind == JsonValueKind.String)
            {
                (_texts.TryGetValue(member.Name, out var text) ? text : _texts[member.Name] = new StringBuilder()).Append(
                    member.Value.GetString()
                );
            }
        }
    }

    /// <returns><see langword="null"/> where nothing was spoken.</returns>
    public OpaquePart? Part()
    {
        if (_facts.Count + _texts.Count == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            json.WriteStartObject();
            foreach (var (name, value) in _facts)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            foreach (var (name, text) in _texts)
            {
                json.WriteString(name, text.ToString());
            }

            json.WriteEndObject();
        }

        return new OpaquePart(Member, JsonElement.Parse(buffer.WrittenSpan), WireKind.OpenAiChat);
    }

    /// <summary>Speaks of it in a later turn: by its id alone.</summary>
    public static void WriteBack(Utf8JsonWriter json, JsonElement audio)
    {
        json.WriteStartObject(Member);
        json.WriteString("id", audio.Text("id"));
        json.WriteEndObject();
    }
}
