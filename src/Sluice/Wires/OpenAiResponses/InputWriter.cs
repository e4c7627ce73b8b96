using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Writes turns as the items of a Responses input.</summary>
internal sealed class InputWriter(Utf8JsonWriter json, Losses losses)
{
    public void Write(IReadOnlyList<Message> messages)
    {
        foreach (var message in messages)
        {
            switch (message.Role)
            {
                case Role.System:
                    WriteMessage("system", message.Parts);
                    break;
                case Role.Assistant:
                    WriteAssistant(message.Parts);
                    break;
                default:
                    WriteUser(message.Parts);
                    break;
            }
        }
    }

    /// <summary>Results of tools are items of their own and stand first.</summary>
    private void WriteUser(IReadOnlyList<Part> parts)
    {
        foreach (var result in parts.OfType<ToolResultPart>())
        {
            WriteResult(result);
        }

        var items = parts.OfType<OpaquePart>().Where(IsItem).ToList();
        foreach (var item in items)
        {
            item.Json.WriteTo(json);
        }

        var rest = parts.Where(p => p is not ToolResultPart && !items.Contains(p)).ToList();
        if (rest.Count > 0)
        {
            WriteMessage("user", rest);
        }
    }

    /// <summary>What was said, thought and called keeps its order; words in a row are one message.</summary>
    private void WriteAssistant(IReadOnlyList<Part> parts)
    {
        var said = new List<Part>();
        foreach (var part in parts)
        {
            if (part is TextPart or RefusalPart)
            {
                said.Add(part);
                continue;
            }

            Say(said);
            switch (part)
            {
                case ReasoningPart reasoning:
                    WriteReasoning(reasoning);
                    break;
                case ToolCallPart call:
                    WriteCall(call);
                    break;
                case OpaquePart opaque when IsItem(opaque):
                    opaque.Json.WriteTo(json);
                    break;
                default:
                    losses.NoPlace(NameOf(part));
                    break;
            }
        }

        Say(said);
    }

    private void Say(List<Part> said)
    {
        if (said.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        foreach (var part in said)
        {
            json.WriteStartObject();
            if (part is TextPart text)
            {
                json.WriteString("type", "output_text");
                json.WriteString("text", text.Text);
                WriteCitations(text);
            }
            else
            {
                json.WriteString("type", "refusal");
                json.WriteString("refusal", ((RefusalPart)part).Text);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        said.Clear();
    }

    private void WriteCitations(TextPart text)
    {
        if (text.Citations.Count == 0)
        {
            return;
        }

        json.WriteStartArray("annotations");
        foreach (var citation in text.Citations)
        {
            Annotation.Write(json, citation, 0, text.Text.Length);
        }

        json.WriteEndArray();
    }

    private void WriteReasoning(ReasoningPart reasoning)
    {
        if (reasoning.Signature is not { } signature)
        {
            losses.Add("reasoning", "reasoning of an earlier turn was left out: only its issuer's encrypted form can be brought back");
            return;
        }

        var (id, encrypted) = ReasoningItem.Split(signature);
        json.WriteStartObject();
        json.WriteString("type", "reasoning");
        if (id is not null)
        {
            json.WriteString("id", id);
        }

        json.WriteStartArray("summary");
        if (reasoning.Text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type", "summary_text");
            json.WriteString("text", reasoning.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (encrypted.Length > 0)
        {
            json.WriteString("encrypted_content", encrypted);
        }

        json.WriteEndObject();
    }

    private void WriteCall(ToolCallPart call)
    {
        json.WriteStartObject();
        json.WriteString("type", "function_call");
        json.WriteString("call_id", call.Id);
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.Arguments.Length == 0 ? "{}" : call.Arguments);
        json.WriteEndObject();
    }

    /// <summary>A result is a text, or a list where there is more in it. There is no mark for an error but its words.</summary>
    private void WriteResult(ToolResultPart result)
    {
        json.WriteStartObject();
        json.WriteString("type", "function_call_output");
        json.WriteString("call_id", result.CallId);
        var content = result.IsError ? Failed(result.Content) : result.Content;
        if (content.All(p => p is TextPart))
        {
            json.WriteString("output", string.Concat(content.OfType<TextPart>().Select(t => t.Text)));
        }
        else
        {
            json.WriteStartArray("output");
            WriteContent(content);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static IReadOnlyList<Part> Failed(IReadOnlyList<Part> content) =>
        content is [TextPart { Text: var text }, ..] && text.StartsWith("error", StringComparison.OrdinalIgnoreCase)
            ? content
            : [new TextPart("error: "), .. content];

    private void WriteMessage(string role, IReadOnlyList<Part> parts)
    {
        if (parts.Any(p => p.Cache is not null))
        {
            losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }

        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteString("role", role);
        json.WriteStartArray("content");
        WriteContent(parts);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteContent(IReadOnlyList<Part> parts)
    {
        foreach (var part in parts)
        {
            if (part is OpaquePart { Origin: WireKind.OpenAiResponses } opaque)
            {
                opaque.Json.WriteTo(json);
            }
            else if (part is TextPart or ImagePart or DocumentPart or FilePart or AudioPart { Data: not null })
            {
                json.WriteStartObject();
                InputContent.Write(json, part);
                json.WriteEndObject();
            }
            else
            {
                losses.NoPlace(NameOf(part));
            }
        }
    }

    private static string NameOf(Part part) =>
        part switch
        {
            OpaquePart opaque => opaque.Type,
            ImagePart => "image",
            DocumentPart => "document",
            AudioPart => "input_audio",
            FilePart => "file",
            ReasoningPart => "reasoning",
            _ => "content",
        };

    /// <summary>Items and pieces of content share one list of types; those of content say whose they are.</summary>
    private static bool IsItem(OpaquePart opaque) =>
        opaque.Origin == WireKind.OpenAiResponses && !opaque.Type.StartsWith("input_", StringComparison.Ordinal);
}
