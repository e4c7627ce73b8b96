using System.Text.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>Writes a conversation whose results of tools are messages of their own, as Ollama and Workers AI take it.</summary>
internal abstract class FlatMessagesWriter(Losses losses) : MessagesWriter(losses)
{
    private readonly Dictionary<string, string> _tools = [];

    /// <param name="json">Stands in the list of messages.</param>
    /// <param name="result">The result.</param>
    /// <param name="text">What it says, marked where it is an error.</param>
    /// <param name="tool">The name of its tool, which stands beside its call alone; <see langword="null"/> where that is gone.</param>
    protected abstract void WriteResult(Utf8JsonWriter json, ToolResultPart result, string text, string? tool);

    /// <summary>Remembers whose result a later message will be.</summary>
    protected void Remember(ToolCallPart call) => _tools[call.Id] = call.Name;

    /// <summary>What a part says in words; <see langword="null"/> where it says nothing.</summary>
    protected static string? TextOf(Part part) =>
        part switch
        {
            TextPart text => text.Text,
            RefusalPart refusal => refusal.Text,
            DocumentPart { Text: not null } document => PlainDocuments.AsText(document).Text,
            _ => null,
        };

    /// <summary>Results stand first; no empty user message follows them.</summary>
    protected override void WriteUser(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        foreach (var result in parts.OfType<ToolResultPart>())
        {
            var text = string.Concat(result.Content.OfType<TextPart>().Select(t => t.Text));
            var isMarked = !result.IsError || text.StartsWith("error", StringComparison.OrdinalIgnoreCase);
            WriteResult(json, result, isMarked ? text : $"error: {text}", result.Name ?? _tools.GetValueOrDefault(result.CallId));
            if (result.Content.Any(p => p is not TextPart))
            {
                Losses.Add("tool_result", "content other than text was left out of a tool's result");
            }
        }

        var rest = parts.Where(p => p is not ToolResultPart).ToList();
        if (rest.Count > 0 || parts.Count == 0)
        {
            WriteMessage(json, "user", rest);
        }
    }
}
