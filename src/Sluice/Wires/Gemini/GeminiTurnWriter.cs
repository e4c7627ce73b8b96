using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Writes what a model said. A signature stands on the call it led to, on the text before it, or on the thoughts it closes.</summary>
/// <param name="json">Receives the parts, one object each.</param>
/// <param name="callIds">Whether calls are written with their ids; Vertex AI's requests have no place for them.</param>
/// <param name="unsigned">What stands for the signature of a first call that has none of its own.</param>
internal sealed class GeminiTurnWriter(Utf8JsonWriter json, bool callIds, string? unsigned = null)
{
    public void Write(IReadOnlyList<Part> parts)
    {
        var called = false;
        string? signature = null;
        for (var i = 0; i < parts.Count; i++)
        {
            switch (parts[i])
            {
                case ReasoningPart { Redacted: { } data }:
                    WriteText("", thought: true, RedactedMark.Put(data));
                    break;
                case ReasoningPart { Signature: { } own } reasoning when Next(parts, i) is ToolCallPart:
                    signature = own;
                    if (reasoning.Text.Length > 0)
                    {
                        WriteText(reasoning.Text, thought: true, null);
                    }

                    break;
                case ReasoningPart { Text.Length: 0, Signature: not null }
                    when i > 0 && parts[i - 1] is TextPart or ImagePart or AudioPart or OpaquePart:
                    // Written with what it stands behind.
                    break;
                case ReasoningPart reasoning:
                    WriteText(reasoning.Text, reasoning.Text.Length > 0, reasoning.Signature);
                    break;
                case TextPart text:
                    WriteText(text.Text, thought: false, SignatureBehind(parts, i));
                    break;
                case RefusalPart refusal:
                    WriteText(refusal.Text, thought: false, null);
                    break;
                case ToolCallPart call:
                    WriteCall(call, signature ?? (called ? null : unsigned));
                    (called, signature) = (true, null);
                    break;
                case OpaquePart opaque:
                    WriteOpaque(opaque.Json, SignatureBehind(parts, i));
                    break;
                case DocumentPart { Text: { } plain }:
                    WriteText(plain, thought: false, null);
                    break;
                case ImagePart or AudioPart or DocumentPart or FilePart:
                    GeminiMedia.Write(json, parts[i], SignatureBehind(parts, i));
                    break;
            }
        }
    }

    private void WriteOpaque(JsonElement part, string? signature)
    {
        json.WriteStartObject();
        foreach (var member in part.Members())
        {
            member.WriteTo(json);
        }

        WriteSignature(signature);
        json.WriteEndObject();
    }

    private static Part? Next(IReadOnlyList<Part> parts, int index) => index + 1 < parts.Count ? parts[index + 1] : null;

    private static string? SignatureBehind(IReadOnlyList<Part> parts, int index) =>
        Next(parts, index) is ReasoningPart { Text.Length: 0, Signature: { } signature } && Next(parts, index + 1) is not ToolCallPart
            ? signature
            : null;

    private void WriteText(string text, bool thought, string? signature)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        if (thought)
        {
            json.WriteBoolean("thought", true);
        }

        WriteSignature(signature);
        json.WriteEndObject();
    }

    private void WriteCall(ToolCallPart call, string? signature)
    {
        json.WriteStartObject();
        json.WriteStartObject("functionCall");
        if (callIds)
        {
            json.WriteString("id", call.Id);
        }

        json.WriteString("name", call.Name);
        json.WritePropertyName("args");
        ToolArguments.Write(json, call.Arguments);
        json.WriteEndObject();
        WriteSignature(signature);
        json.WriteEndObject();
    }

    private void WriteSignature(string? signature)
    {
        if (signature is not null)
        {
            json.WriteString("thoughtSignature", signature);
        }
    }
}
