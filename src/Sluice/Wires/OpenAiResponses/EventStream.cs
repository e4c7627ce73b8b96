using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Writes the numbered events of a streamed answer.</summary>
internal sealed class EventStream
{
    /// <summary>How many there were; the number of the next.</summary>
    public int Count { get; private set; }

    /// <summary>Goes on with the numbers of a stream that somebody else began.</summary>
    public void CountOn(int count) => Count = count;

    public void Write(IBufferWriter<byte> output, string name, Action<Utf8JsonWriter> fields)
    {
        output.Write("event: "u8);
        output.Write(Encoding.UTF8.GetBytes(name));
        output.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(output, JsonStyle.Compact))
        {
            json.WriteStartObject();
            json.WriteString("type", name);
            json.WriteNumber("sequence_number", Count++);
            fields(json);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }
}
