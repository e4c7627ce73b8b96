using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>A block that comes in pieces and is understood by its own wire alone: the use of a server's tool, its result.</summary>
/// <param name="start">The block as it began.</param>
internal sealed class BlockDraft(JsonElement start)
{
    private readonly JsonElement _start = start.Clone();
    private readonly StringBuilder _input = new();
    private readonly Dictionary<string, JsonElement> _later = [];

    public string Type => _start.Text("type")!;

    /// <summary>Adds a piece: of the input, or of a member under its own name.</summary>
    public void Add(JsonElement delta)
    {
        if (delta.Text("partial_json") is { } json)
        {
            _input.Append(json);
            return;
        }

        foreach (var member in delta.Members().Where(m => m.Name != "type"))
        {
            _later[member.Name] = member.Value.Clone();
        }
    }

    public OpaquePart Whole()
    {
        if (_input.Length > 0)
        {
            _later["input"] = Input();
        }

        return new OpaquePart(Type, _later.Count == 0 ? _start : Merged(), WireKind.AnthropicMessages);
    }

    /// <summary>Input that was cut is no JSON; an object holds it as it came.</summary>
    private JsonElement Input()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            ToolArguments.Write(json, _input.ToString());
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private JsonElement Merged()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            json.WriteStartObject();
            foreach (var member in _start.Members().Where(m => !_later.ContainsKey(m.Name)))
            {
                member.WriteTo(json);
            }

            foreach (var (name, value) in _later)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
