using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Gateway.Ids;

/// <summary>Something a model's answer made at its provider: a container, a file in it, sound that a later call may go on from.</summary>
/// <param name="Id">What the provider calls it.</param>
/// <param name="Lasts">Whether it is there until it is deleted.</param>
internal readonly record struct AnswerThing(string Id, bool Lasts);

/// <summary>Finds what an answer has made, in whichever protocol.</summary>
internal static class AnswerThings
{
    /// <summary>Whether it is worth looking: hardly any answer makes something.</summary>
    public static bool May(ReadOnlySpan<byte> answer) =>
        answer.IndexOf("\"container"u8) >= 0 || answer.IndexOf("\"file_id\""u8) >= 0 || answer.IndexOf("\"audio\""u8) >= 0;

    /// <param name="json">An answer, or one event of it; empty for an event without one.</param>
    public static IReadOnlyList<AnswerThing> Read(ReadOnlySpan<byte> json)
    {
        var found = new List<AnswerThing>();
        if (!May(json))
        {
            return found;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            Read(document.RootElement, found);
        }
        catch (JsonException)
        {
            // What cannot be read names nothing, and is reported by whoever reads answers.
        }

        return found;
    }

    private static void Read(JsonElement element, List<AnswerThing> found)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Read(item, found);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            Add(element.Text("container_id"), lasts: false, found);
            Add(element.Get("container")?.Text("id"), lasts: false, found);
            Add(element.Get("audio")?.Text("id"), lasts: false, found);
            if (element.Text("type") is { } type && element.Text("file_id") is { } file)
            {
                // Any other file was there before, and is only cited.
                ReadFile(type, file, found);
            }

            // Arguments of a tool are the model's words.
            foreach (var member in element.EnumerateObject().Where(m => m.Name is not ("input" or "args" or "arguments")))
            {
                Read(member.Value, found);
            }
        }
    }

    private static void ReadFile(string type, string file, List<AnswerThing> found)
    {
        if (type.EndsWith("code_execution_output", StringComparison.Ordinal))
        {
            Add(file, lasts: true, found);
        }
        else if (type == "container_file_citation")
        {
            Add(file, lasts: false, found);
        }
    }

    private static void Add(string? id, bool lasts, List<AnswerThing> found)
    {
        if (id is { Length: > 0 })
        {
            found.Add(new AnswerThing(id, lasts));
        }
    }
}
