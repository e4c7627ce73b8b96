using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Writes a Messages request; what it cannot say is reported.</summary>
internal sealed class MessagesRequestWriter(Target target, ICollection<Degradation> degradations)
{
    /// <summary>The output limit where nobody gave one: the protocol demands it.</summary>
    private const int DefaultOutput = 16_384;

    private readonly Losses _losses = new("Messages", degradations);
    private readonly MessagesPartWriter _parts = new(target, degradations);

    public void Write(ChatRequest request, IBufferWriter<byte> output)
    {
        var limited = request with { MaxOutput = request.MaxOutput ?? Math.Min(DefaultOutput, target.Card.MaxOutput) };
        var turns = Turns(request.Messages);
        if (request.Format is { Schema: null })
        {
            _losses.NoPlace("response_format");
        }

        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        json.WriteString("model", target.Model);
        WriteSystem(json, request);
        WriteMessages(json, turns);
        MessagesToolsWriter.Write(json, request, _losses);
        new MessagesSettingsWriter(target, _losses).Write(json, limited, turns);
        WriteExtensions(json, request);
        json.WriteEndObject();
    }

    private void WriteExtensions(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Origin == WireKind.AnthropicMessages)
        {
            foreach (var (name, value) in request.Extensions)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            return;
        }

        _losses.Extensions(request);
    }

    /// <summary>The protocol has no place for system words inside a conversation; they join those before it.</summary>
    private void WriteSystem(Utf8JsonWriter json, ChatRequest request)
    {
        var late = request.Messages.Where(m => m.Role == Role.System).SelectMany(m => m.Parts).ToList();
        if (late.Count > 0)
        {
            _losses.Add("system", "a system message within the conversation was moved before it");
        }

        var parts = request.System.Concat(late).OfType<TextPart>().ToList();
        if (parts.Count == 0)
        {
            return;
        }

        if (parts.All(p => p.Cache is null))
        {
            json.WriteString("system", string.Join('\n', parts.Select(p => p.Text)));
            return;
        }

        json.WriteStartArray("system");
        foreach (var part in parts)
        {
            _parts.Write(json, part);
        }

        json.WriteEndArray();
    }

    private void WriteMessages(Utf8JsonWriter json, List<Message> turns)
    {
        json.WriteStartArray("messages");
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role", turn.Role == Role.Assistant ? "assistant" : "user");
            json.WriteStartArray("content");
            // Results of tools stand first in a turn.
            foreach (var part in turn.Parts.OrderBy(p => p is ToolResultPart ? 0 : 1))
            {
                _parts.Write(json, part);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Turns alternate: what one side says in a row is one turn, and an empty one is none.</summary>
    private List<Message> Turns(IReadOnlyList<Message> messages)
    {
        var turns = new List<Message>();
        foreach (var message in messages.Where(m => m.Role != Role.System))
        {
            var parts = message.Parts.Where(p => _parts.CanSay(p, message.Role)).ToList();
            if (parts.Count == 0)
            {
                continue;
            }

            if (turns.Count > 0 && turns[^1].Role == message.Role)
            {
                turns[^1] = new Message(message.Role, [.. turns[^1].Parts, .. parts]);
            }
            else
            {
                turns.Add(new Message(message.Role, parts));
            }
        }

        return turns;
    }
}
