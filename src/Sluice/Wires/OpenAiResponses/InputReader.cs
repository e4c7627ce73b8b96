using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Reads the input of a Responses request: a text, or a list of items that become turns.</summary>
internal static class InputReader
{
    public static List<Message> Read(JsonElement? input) =>
        input switch
        {
            { ValueKind: JsonValueKind.String } text => [new Message(Role.User, [new TextPart(text.GetString()!)])],
            { ValueKind: JsonValueKind.Array } items => Turns(items.EnumerateArray().Select(ReadItem)),
            _ => [],
        };

    /// <summary>What a model said in a row is one turn, and so are the results of the tools it called.</summary>
    private static List<Message> Turns(IEnumerable<Message> items)
    {
        var turns = new List<Message>();
        foreach (var item in items)
        {
            if (
                turns.Count > 0
                && turns[^1].Role == item.Role
                && (item.Role == Role.Assistant || (AreResults(turns[^1]) && AreResults(item)))
            )
            {
                turns[^1] = new Message(item.Role, [.. turns[^1].Parts, .. item.Parts]);
            }
            else
            {
                turns.Add(item);
            }
        }

        return turns;
    }

    private static bool AreResults(Message message) => message.Parts.All(p => p is ToolResultPart);

    private static Message ReadItem(JsonElement item)
    {
        var type = item.Text("type") ?? "message";
        return type switch
        {
            "message" => new Message(RoleOf(item.Text("role")), [.. ReadContent(item.Get("content"))]),
            "reasoning" => new Message(Role.Assistant, [ReadReasoning(item)]),
            "function_call" => new Message(
                Role.Assistant,
                [new ToolCallPart(item.Text("call_id") ?? "", item.Text("name") ?? "", item.TextOrRaw("arguments") ?? "")]
            ),
            "function_call_output" => new Message(
                Role.User,
                [new ToolResultPart(item.Text("call_id") ?? "", [.. ReadContent(item.Get("output"))], IsError: false)]
            ),
            _ => new Message(
                IsCallersOwn(type) ? Role.User : Role.Assistant,
                [new OpaquePart(type, item.Clone(), WireKind.OpenAiResponses)]
            ),
        };
    }

    private static bool IsCallersOwn(string type) =>
        type.EndsWith("_output", StringComparison.Ordinal) || type is "item_reference" or "mcp_approval_response";

    private static Role RoleOf(string? role) =>
        role switch
        {
            "assistant" => Role.Assistant,
            "system" or "developer" => Role.System,
            _ => Role.User,
        };

    /// <summary>The text is the summary, or what a model of open weights thought itself.</summary>
    private static ReasoningPart ReadReasoning(JsonElement item)
    {
        var text = string.Join(
            "\n\n",
            item.Items("summary").Concat(item.Items("content")).Select(p => p.Text("text")).Where(t => !string.IsNullOrEmpty(t))
        );
        var encrypted = item.Text("encrypted_content") ?? "";
        if (ReasoningItem.ReadRedacted(encrypted) is { } redacted)
        {
            return new ReasoningPart("", null, redacted);
        }

        // An envelope has no id of this wire before it: what stands there was made here.
        var signature = Signatures.IsEnvelope(encrypted) ? encrypted : ReasoningItem.Join(item.Text("id"), encrypted);
        return new ReasoningPart(text, signature.Length == 0 ? null : signature);
    }

    private static IEnumerable<Part> ReadContent(JsonElement? content) =>
        content switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } said ? [new TextPart(said)] : [],
            { ValueKind: JsonValueKind.Array } parts => parts.EnumerateArray().Select(ReadPart),
            _ => [],
        };

    private static Part ReadPart(JsonElement part)
    {
        var type = part.Text("type") ?? "";
        return type switch
        {
            "input_text" or "output_text" or "text" => new TextPart(part.Text("text") ?? "")
            {
                Citations = [.. part.Items("annotations").Select(Annotation.Read)],
            },
            "refusal" => new RefusalPart(part.Text("refusal") ?? ""),
            "input_image" when part.Text("image_url") is { } url => DataUrl.TryRead(url, out var media, out var data)
                ? new ImagePart(media, data, null, part.Text("detail"))
                : new ImagePart(null, null, url, part.Text("detail")),
            "input_file" when part.Text("file_data") is { } file && DataUrl.TryRead(file, out var media, out var data) => new DocumentPart(
                media,
                data,
                null,
                part.Text("filename")
            ),
            "input_file" when part.Text("file_url") is { } url => new DocumentPart(null, null, url, part.Text("filename")),
            "input_audio" when part.Get("input_audio") is { } audio => new AudioPart(
                AudioFormat.MediaTypeOf(audio.Text("format")),
                audio.Text("data")
            ),
            _ => new OpaquePart(type, part.Clone(), WireKind.OpenAiResponses),
        };
    }
}
