using System.Text.Json;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Writes the message of a whole Chat Completions answer.</summary>
internal static class ChatMessageWriter
{
    public static void Write(Utf8JsonWriter json, WholeMessage answer)
    {
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", answer.Text.Length > 0 || (answer.Calls.Count == 0 && answer.Refusal.Length == 0) ? answer.Text : null);
        json.WriteString("refusal", answer.Refusal.Length > 0 ? answer.Refusal : null);
        if (answer.Reasoning.Length > 0)
        {
            json.WriteString("reasoning_content", answer.Reasoning);
        }

        WriteDetails(json, answer.Parts);
        WriteCitations(json, answer.Parts);
        if (answer.Calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in answer.Calls)
            {
                WriteCall(json, null, call.Id, call.Name, call.Arguments.Length == 0 ? "{}" : call.Arguments);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public static void WriteCall(Utf8JsonWriter json, int? index, string? id, string? name, string arguments)
    {
        json.WriteStartObject();
        if (index is { } position)
        {
            json.WriteNumber("index", position);
        }

        if (id is not null)
        {
            json.WriteString("id", id);
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        if (name is not null)
        {
            json.WriteString("name", name);
        }

        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Probabilities as they were reported, those of several stretches one after another.</summary>
    public static void WriteLogprobs(Utf8JsonWriter json, IReadOnlyList<JsonElement> logprobs)
    {
        switch (logprobs)
        {
            case []:
                json.WriteNull("logprobs");
                return;
            case [var only]:
                json.WritePropertyName("logprobs");
                only.WriteTo(json);
                return;
        }

        json.WriteStartObject("logprobs");
        foreach (var member in (string[])["content", "refusal"])
        {
            json.WriteStartArray(member);
            foreach (var token in logprobs.SelectMany(l => l.Items(member)))
            {
                token.WriteTo(json);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        if (!parts.Any(IsSecret))
        {
            return;
        }

        json.WriteStartArray(ReasoningDetails.Member);
        var (index, said) = (0, false);
        for (var i = 0; i < parts.Count; i++)
        {
            said |= parts[i] is TextPart { Text.Length: > 0 };
            if (IsSecret(parts[i]))
            {
                var part = (ReasoningPart)parts[i];
                var alone = part is { Text: "", Signature: not null };
                var call = alone && i + 1 < parts.Count ? (parts[i + 1] as ToolCallPart)?.Id : null;
                ReasoningDetails.Write(json, part, index++, call, afterText: alone && said && call is null);
            }
        }

        json.WriteEndArray();
    }

    private static bool IsSecret(Part part) => part is ReasoningPart { Signature: not null } or ReasoningPart { Redacted: not null };

    private static void WriteCitations(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        var citations = parts.OfType<TextPart>().SelectMany(t => t.Citations).ToList();
        if (citations.Count == 0)
        {
            return;
        }

        json.WriteStartArray("annotations");
        foreach (var citation in citations)
        {
            ChatCitations.Write(json, citation);
        }

        json.WriteEndArray();
    }
}
