using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Writes a Chat Completions request; what it cannot say is reported.</summary>
internal sealed class ChatRequestWriter : MessagesWriter
{
    private readonly Target _target;
    private readonly ChatPartWriter _parts;

    public ChatRequestWriter(Target target, ICollection<Degradation> degradations)
        : base(new Losses("Chat Completions", degradations))
    {
        _target = target;
        _parts = new ChatPartWriter(target, Losses);
    }

    public void Write(ChatRequest request, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        json.WriteString("model", _target.Model);
        WriteConversation(json, request);
        ChatToolsWriter.Write(json, request, _target, Losses);
        new ChatSettingsWriter(_target, Losses).Write(json, request);
        WriteExtensions(json, request);
        json.WriteEndObject();
    }

    private void WriteExtensions(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Origin == WireKind.OpenAiChat)
        {
            foreach (var (name, value) in request.Extensions)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            return;
        }

        Losses.Extensions(request);
    }

    /// <summary>Few vendors of this protocol are told what to cache, and none of them in anything but text.</summary>
    private void ReportCacheMarks(ChatRequest request)
    {
        var said = request
            .System.Concat(request.Messages.Where(m => m.Role != Role.Assistant).SelectMany(m => m.Parts))
            .Where(_parts.Marks);
        var parts = request.System.Concat(request.Messages.SelectMany(m => m.Parts)).Except(said);
        var marked = parts.SelectMany(p => p is ToolResultPart result ? result.Content.Prepend(p) : [p]).Any(p => p.Cache is not null);
        if (marked || request.Tools.Any(t => t.Cache is not null))
        {
            Losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }
    }

    private void WriteConversation(Utf8JsonWriter json, ChatRequest request)
    {
        ReportCacheMarks(request);
        if (request.Messages is [.., { Role: Role.Assistant }])
        {
            Losses.Add("prefill", "the beginning of an answer became an earlier answer: this provider does not go on from it");
        }

        WriteMessages(json, request);
    }

    /// <summary>
    /// Results of tools are messages of their own and stand first; images in them follow in the user's message, the only place for
    /// them. No empty user message follows.
    /// </summary>
    protected override void WriteUser(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        var rest = new List<Part>();
        foreach (var result in parts.OfType<ToolResultPart>())
        {
            WriteResult(json, result);
            rest.AddRange(result.Content.Where(p => p is not TextPart));
        }

        if (rest.Count > 0)
        {
            Losses.Add("tool_result", "content other than text was moved behind the tool's result");
        }

        rest.AddRange(parts.Where(p => p is not ToolResultPart));
        if (rest.Count > 0 || parts.Count == 0)
        {
            WriteMessage(json, "user", rest);
        }
    }

    private static void WriteResult(Utf8JsonWriter json, ToolResultPart result)
    {
        var text = string.Concat(result.Content.OfType<TextPart>().Select(t => t.Text));
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString("tool_call_id", result.CallId);
        json.WriteString(
            "content",
            result.IsError && !text.StartsWith("error", StringComparison.OrdinalIgnoreCase) ? $"error: {text}" : text
        );
        json.WriteEndObject();
    }

    protected override void WriteAssistant(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        json.WriteStartObject();
        json.WriteString("role", "assistant");
        WriteReasoning(json, parts);
        WriteSaid(json, parts);
        if (parts.OfType<RefusalPart>().FirstOrDefault() is { } refusal)
        {
            json.WriteString("refusal", refusal.Text);
        }

        if (parts.OfType<OpaquePart>().FirstOrDefault(IsSpoken) is { } spoken)
        {
            SpokenAnswer.WriteBack(json, spoken.Json);
        }

        WriteCalls(json, [.. parts.OfType<ToolCallPart>()]);
        json.WriteEndObject();
        ReportUnsaid(parts);
    }

    private static bool IsSpoken(OpaquePart part) =>
        part is { Origin: WireKind.OpenAiChat, Type: SpokenAnswer.Member } && part.Json.Text("id") is not null;

    private void ReportUnsaid(IReadOnlyList<Part> parts)
    {
        foreach (var opaque in parts.OfType<OpaquePart>().Where(p => !IsSpoken(p)))
        {
            Losses.Add(opaque.Type, "left out of an earlier turn: only its own provider understands it");
        }

        foreach (var part in parts.Where(p => p is ImagePart or AudioPart or DocumentPart or FilePart))
        {
            Losses.Add(ChatPartWriter.NameOf(part), "left out of an earlier turn: only users show something here");
        }

        if (parts.Any(p => p is TextPart { Citations.Count: > 0 }))
        {
            Losses.Add("citations", "left out of an earlier turn: Chat Completions has no place for them");
        }
    }

    private void WriteReasoning(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        var reasoning = parts.OfType<ReasoningPart>().ToList();
        var dialect = _target.Provider.Dialect;
        if (reasoning.Count == 0)
        {
            return;
        }

        if (dialect.ReasoningReturn == ReasoningReturn.Details)
        {
            json.WriteStartArray(ReasoningDetails.Member);
            for (var i = 0; i < reasoning.Count; i++)
            {
                ReasoningDetails.Write(json, reasoning[i], i, CallAfter(parts, reasoning[i]));
            }

            json.WriteEndArray();
            return;
        }

        if (dialect.ReasoningReturn == ReasoningReturn.Text)
        {
            json.WriteString(dialect.ReasoningText[0], string.Concat(reasoning.Select(r => r.Text)));
        }

        if (dialect.ReasoningReturn == ReasoningReturn.No || reasoning.Exists(r => (r.Signature ?? r.Redacted) is not null))
        {
            Losses.Add("thinking", $"reasoning of an earlier turn was left out, or its signature: {_target.Name} takes none back");
        }
    }

    /// <summary>The call that a signature without text stands for.</summary>
    private static string? CallAfter(IReadOnlyList<Part> parts, ReasoningPart reasoning)
    {
        for (var i = 0; i + 1 < parts.Count; i++)
        {
            if (ReferenceEquals(parts[i], reasoning))
            {
                return reasoning is { Text: "", Signature: not null } && parts[i + 1] is ToolCallPart call ? call.Id : null;
            }
        }

        return null;
    }

    private void WriteSaid(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        var text = string.Concat(parts.OfType<TextPart>().Select(t => t.Text));
        if (_target.Provider.Dialect.ReasoningReturn == ReasoningReturn.Content && parts.Any(p => p is ReasoningPart { Text.Length: > 0 }))
        {
            json.WriteStartArray("content");
            foreach (var reasoning in parts.OfType<ReasoningPart>().Where(r => r.Text.Length > 0))
            {
                json.WriteStartObject();
                json.WriteString("type", "thinking");
                json.WriteStartArray("thinking");
                _parts.Write(json, new TextPart(reasoning.Text));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            _parts.Write(json, new TextPart(text));
            json.WriteEndArray();
        }
        else if (text.Length > 0 || !parts.Any(p => p is ToolCallPart))
        {
            json.WriteString("content", text);
        }
        else
        {
            json.WriteNull("content");
        }
    }

    private static void WriteCalls(Utf8JsonWriter json, List<ToolCallPart> calls)
    {
        if (calls.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments.Length == 0 ? "{}" : call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    protected override void WriteMessage(Utf8JsonWriter json, string role, IReadOnlyList<Part> all)
    {
        var parts = _parts.Taken(all);
        json.WriteStartObject();
        json.WriteString("role", role);
        if (parts.TrueForAll(p => p is TextPart && !_parts.Marks(p)))
        {
            json.WriteString("content", string.Join('\n', parts.OfType<TextPart>().Select(t => t.Text)));
        }
        else
        {
            json.WriteStartArray("content");
            foreach (var part in parts)
            {
                _parts.Write(json, part);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
