using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Reads the turns of a conversation. What one side says in a row is one turn, and results find their calls by name and order.</summary>
internal sealed class GeminiContentsReader
{
    private readonly List<(string Id, string Name)> _open = [];
    private int _calls;

    public IReadOnlyList<Message> Read(IEnumerable<JsonElement> contents)
    {
        var turns = new List<(Role Role, List<Part> Parts)>();
        foreach (var content in contents)
        {
            var role = content.Text("role") switch
            {
                "model" => Role.Assistant,
                "system" => Role.System,
                _ => Role.User,
            };
            if (turns.Count == 0 || turns[^1].Role != role)
            {
                turns.Add((role, []));
            }

            foreach (var part in content.Items("parts"))
            {
                Read(part, turns[^1]);
            }
        }

        return [.. turns.Select(t => new Message(t.Role, t.Parts))];
    }

    /// <summary>The parts of an instruction, or its plain text.</summary>
    public static IEnumerable<Part> ReadSystem(JsonElement? instruction) =>
        instruction switch
        {
            { ValueKind: JsonValueKind.String } text => [new TextPart(text.GetString()!)],
            { } content => content.Items("parts").Select(p => p.Text("text")).OfType<string>().Select(t => new TextPart(t)),
            null => [],
        };

    private void Read(JsonElement part, (Role Role, List<Part> Parts) turn)
    {
        var parts = turn.Parts;
        var signature = part.FieldText("thoughtSignature");
        if (part.Field("functionCall") is { } call)
        {
            AddReasoning(parts, "", signature);
            parts.Add(ReadCall(call));
        }
        else if (part.Field("functionResponse") is { } response)
        {
            parts.Add(ReadResponse(response));
        }
        else if (part.Text("text") is { } text)
        {
            ReadText(turn, text, part.Flag("thought") ?? false, signature);
        }
        else if (ReadMedia(part) is { } media)
        {
            parts.Add(media);
            AddReasoning(parts, "", signature);
        }
        else if (part.ValueKind == JsonValueKind.Object)
        {
            var name = part.Members().Select(m => ProtoName.Camel(m.Name)).FirstOrDefault(n => n is not ("thought" or "thoughtSignature"));
            parts.Add(new OpaquePart(name ?? "part", part.Clone(), WireKind.Gemini));
        }
    }

    private static void ReadText((Role Role, List<Part> Parts) turn, string text, bool thought, string? signature)
    {
        var parts = turn.Parts;
        if (thought)
        {
            AddReasoning(parts, text, signature);
            return;
        }

        // Chats keep an answer in the pieces in which it was streamed.
        if (turn.Role == Role.Assistant && parts.LastOrDefault() is TextPart before)
        {
            parts[^1] = before with { Text = before.Text + text };
        }
        else if (text.Length > 0)
        {
            parts.Add(new TextPart(text));
        }

        if (signature is not null)
        {
            parts.Add(Signed("", signature));
        }
    }

    /// <summary>Thoughts come in pieces, of which the last may be signed, or the call that they led to.</summary>
    private static void AddReasoning(List<Part> parts, string text, string? signature)
    {
        if (text.Length == 0 && signature is null)
        {
            return;
        }

        if (
            parts.LastOrDefault() is ReasoningPart { Signature: null, Redacted: null } before
            && (signature is null || RedactedMark.Take(signature) is null)
        )
        {
            parts[^1] = new ReasoningPart(before.Text + text, signature);
            return;
        }

        parts.Add(signature is null ? new ReasoningPart(text, null) : Signed(text, signature));
    }

    private static ReasoningPart Signed(string text, string signature) =>
        RedactedMark.Take(signature) is { } data ? new ReasoningPart(text, null, data) : new ReasoningPart(text, signature);

    private ToolCallPart ReadCall(JsonElement call)
    {
        var name = call.Text("name") ?? "";
        var id = call.Text("id") is { Length: > 0 } given ? given : $"call_{_calls + 1}";
        _calls++;
        _open.Add((id, name));
        return new ToolCallPart(id, name, ToolArguments.Read(call.Get("args")));
    }

    private ToolResultPart ReadResponse(JsonElement response)
    {
        var name = response.Text("name") ?? "";
        var given = response.Text("id");
        var position = _open.FindIndex(c => c.Id == given);
        if (position < 0)
        {
            position = _open.FindIndex(c => c.Name == name);
        }

        var id = position < 0 ? given ?? name : _open[position].Id;
        if (position >= 0)
        {
            _open.RemoveAt(position);
        }

        var (text, isError) = Said(response.Get("response"));
        var media = response
            .Items("parts")
            .Select(p => ReadMedia(p) ?? new OpaquePart("functionResponse.parts", p.Clone(), WireKind.Gemini));
        return new ToolResultPart(id, text.Length > 0 ? [new TextPart(text), .. media] : [.. media], isError, name);
    }

    /// <summary>A result is an object: one text under a usual name in it is that text, anything else is its JSON.</summary>
    private static (string Text, bool IsError) Said(JsonElement? response)
    {
        if (response is not { } said)
        {
            return ("", false);
        }

        if (said.ValueKind == JsonValueKind.Object && said.Members().Take(2).ToList() is [var only])
        {
            var text = only.Value.ValueKind == JsonValueKind.String ? only.Value.GetString()! : only.Value.GetRawText();
            if (only.Name is "output" or "result" or "error")
            {
                return (text, only.Name == "error");
            }
        }

        return (said.ValueKind == JsonValueKind.String ? said.GetString()! : said.GetRawText(), false);
    }

    public static Part? ReadMedia(JsonElement part)
    {
        var opaque = part.Field("videoMetadata") is not null;
        if (!opaque && part.Field("inlineData") is { } inline && inline.Text("data") is { } data)
        {
            return Media(inline.FieldText("mimeType"), data, null, inline.FieldText("displayName"), DetailOf(part));
        }

        return !opaque && part.Field("fileData") is { } file && file.FieldText("fileUri") is { } url && IsPublic(url)
            ? Media(file.FieldText("mimeType"), null, url, file.FieldText("displayName"), DetailOf(part))
            : null;
    }

    private static Part? Media(string? type, string? data, string? url, string? name, string? detail) =>
        type?.Split('/')[0] switch
        {
            "image" => new ImagePart(type, data, url, detail),
            "audio" => new AudioPart(type, data, url),
            "video" => null,
            _ => new DocumentPart(type, data, url, name),
        };

    private static string? DetailOf(JsonElement part) =>
        part.Field("mediaResolution")?.Text("level") switch
        {
            "MEDIA_RESOLUTION_LOW" => "low",
            "MEDIA_RESOLUTION_HIGH" => "high",
            _ => null,
        };

    /// <summary>Files in Google's own storage are out of reach for others.</summary>
    private static bool IsPublic(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
        && !address.Host.EndsWith(".googleapis.com", StringComparison.Ordinal)
        && !address.Host.EndsWith("youtube.com", StringComparison.Ordinal)
        && address.Host != "youtu.be";
}
