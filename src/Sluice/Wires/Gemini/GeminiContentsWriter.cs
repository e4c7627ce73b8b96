using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Writes instruction and turns of a Gemini request; what they cannot say is reported.</summary>
internal sealed class GeminiContentsWriter(Utf8JsonWriter json, ChatRequest request, Target target, Losses losses)
{
    /// <summary>Third-generation models reject a call of an earlier turn without its signature; this asks them not to look.</summary>
    private const string Unsigned = "skip_thought_signature_validator";

    private readonly bool _third = GeminiModel.IsThird(target.Model);

    /// <summary>The calls so far, by id, with their place.</summary>
    private readonly Dictionary<string, (string Name, int Order)> _calls = [];

    /// <summary>The protocol has no place for system words inside a conversation; they join those before it.</summary>
    public void WriteSystem()
    {
        var late = request.Messages.Where(m => m.Role == Role.System).SelectMany(m => m.Parts).ToList();
        if (late.Count > 0)
        {
            losses.Add("system", "a system message within the conversation was moved before it");
        }

        var texts = Kept(request.System.Concat(late)).OfType<TextPart>().Where(t => t.Text.Length > 0).ToList();
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartObject("systemInstruction");
        json.WriteStartArray("parts");
        foreach (var text in texts)
        {
            WriteText(text.Text);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void WriteTurns()
    {
        json.WriteStartArray("contents");
        foreach (var (role, parts) in Turns())
        {
            json.WriteStartObject();
            json.WriteString("role", role == Role.Assistant ? "model" : "user");
            json.WriteStartArray("parts");
            if (role == Role.Assistant)
            {
                foreach (var call in parts.OfType<ToolCallPart>())
                {
                    _calls[call.Id] = (call.Name, _calls.Count);
                }

                new GeminiTurnWriter(json, callIds: false, _third ? Unsigned : null).Write(parts);
            }
            else
            {
                WriteUser(parts);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What one side says in a row is one turn, and an empty one is none.</summary>
    private List<(Role Role, List<Part> Parts)> Turns()
    {
        var turns = new List<(Role Role, List<Part> Parts)>();
        foreach (var message in request.Messages.Where(m => m.Role != Role.System))
        {
            var parts = Kept(message.Parts);
            if (parts.Count == 0)
            {
                continue;
            }

            if (turns.Count > 0 && turns[^1].Role == message.Role)
            {
                turns[^1].Parts.AddRange(parts);
            }
            else
            {
                turns.Add((message.Role, parts));
            }
        }

        return turns;
    }

    private List<Part> Kept(IEnumerable<Part> parts) => [.. parts.Where(Keep)];

    private bool Keep(Part part)
    {
        if (part.Cache is not null)
        {
            losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }

        switch (part)
        {
            case TextPart { Text.Length: 0 }:
                return false;
            case ReasoningPart { Redacted: not null }:
                losses.NoPlace("redacted_thinking");
                return false;
            case ReasoningPart { IsSigned: false } when request.Origin != WireKind.Gemini:
                losses.Add("reasoning", "reasoning of an earlier turn was left out: it has no signature");
                return false;
            case OpaquePart opaque when opaque.Origin != WireKind.Gemini:
                losses.NoPlace(opaque.Type);
                return false;
            case TextPart { Citations: var citations } when citations.Any(c => c.Origin != WireKind.Gemini):
                losses.Add("citations", "left out of an earlier turn: another provider gave them");
                return true;
            case ImagePart when !target.Can(Feature.Images):
                losses.Add("image", $"left out: {target.Name} does not take images");
                return false;
            case DocumentPart { Text: null } when !target.Can(Feature.Documents):
                losses.Add("document", $"left out: {target.Name} does not take documents");
                return false;
            case AudioPart when !target.Can(Feature.Audio):
                losses.Add("input_audio", $"left out: {target.Name} does not take sound");
                return false;
            case ImagePart { Detail: not (null or "auto") } when request.Origin != WireKind.OpenAiChat:
                losses.NoPlace("detail");
                return true;
            case DocumentPart { Name: not null, Text: null }:
                losses.NoPlace("filename");
                return true;
            default:
                return true;
        }
    }

    /// <summary>Results stand first and in the order of their calls, because calls of one tool are told apart by nothing else.</summary>
    private void WriteUser(List<Part> parts)
    {
        var results = parts.OfType<ToolResultPart>().OrderBy(r => _calls.TryGetValue(r.CallId, out var call) ? call.Order : int.MaxValue);
        var beside = new List<Part>();
        foreach (var result in results)
        {
            WriteResult(result, beside);
        }

        foreach (var part in beside.Concat(parts.Where(p => p is not ToolResultPart)))
        {
            switch (part)
            {
                case TextPart text:
                    WriteText(text.Text);
                    break;
                case DocumentPart { Text: { } plain } document:
                    WriteText(document.Name is { } name ? $"{name}\n\n{plain}" : plain);
                    break;
                case ImagePart or AudioPart or DocumentPart or FilePart:
                    GeminiMedia.Write(json, part);
                    break;
                case OpaquePart opaque:
                    opaque.Json.WriteTo(json);
                    break;
            }
        }
    }

    private void WriteText(string text)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    /// <param name="result">The result.</param>
    /// <param name="beside">Receives images and files where the model takes them beside a result only.</param>
    private void WriteResult(ToolResultPart result, List<Part> beside)
    {
        var content = Kept(result.Content);
        var media = content.Where(p => p is ImagePart or AudioPart or DocumentPart).ToList();
        var text = string.Concat(content.OfType<TextPart>().Select(t => t.Text));
        json.WriteStartObject();
        json.WriteStartObject("functionResponse");
        json.WriteString("name", result.Name ?? (_calls.TryGetValue(result.CallId, out var call) ? call.Name : result.CallId));
        json.WritePropertyName("response");
        if (!result.IsError && GeminiMedia.TryObject(text) is { } parsed)
        {
            parsed.WriteTo(json);
        }
        else
        {
            json.WriteStartObject();
            json.WriteString(result.IsError ? "error" : "output", text);
            json.WriteEndObject();
        }

        if (_third && media.Count > 0)
        {
            json.WriteStartArray("parts");
            foreach (var medium in media)
            {
                GeminiMedia.Write(json, medium);
            }

            json.WriteEndArray();
        }
        else
        {
            beside.AddRange(media);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
