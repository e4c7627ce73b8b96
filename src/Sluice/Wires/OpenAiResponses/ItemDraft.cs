using System.Text;
using System.Text.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>An output item while it grows.</summary>
/// <param name="index">Its place in the output.</param>
/// <param name="id">Its id.</param>
internal abstract class ItemDraft(int index, string id)
{
    public int Index { get; } = index;

    public string Id { get; } = id;

    public string Status { get; set; } = "in_progress";

    public abstract void Write(Utf8JsonWriter json);
}

/// <summary>What is said: text, or words of refusal.</summary>
internal sealed class MessageDraft(int index, string id) : ItemDraft(index, id)
{
    public List<ContentDraft> Content { get; } = [];

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("type", "message");
        json.WriteString("status", Status);
        json.WriteStartArray("content");
        foreach (var part in Content)
        {
            part.Write(json);
        }

        json.WriteEndArray();
        json.WriteString("role", "assistant");
        json.WriteEndObject();
    }
}

/// <summary>One piece of what is said.</summary>
/// <param name="index">Its place in the message.</param>
/// <param name="isRefusal">Whether it refuses.</param>
internal sealed class ContentDraft(int index, bool isRefusal)
{
    private int _citedTo;

    public int Index { get; } = index;

    /// <summary><c>output_text</c> or <c>refusal</c>: the type of the piece and the name of its events.</summary>
    public string Type { get; } = isRefusal ? "refusal" : "output_text";

    /// <summary>The member that holds its words.</summary>
    public string Member { get; } = isRefusal ? "refusal" : "text";

    public StringBuilder Text { get; } = new();

    public List<(Citation Citation, int Start, int End)> Citations { get; } = [];

    public List<JsonElement> Logprobs { get; } = [];

    /// <summary>A source that names no place stands for the text since the one before it.</summary>
    public void Cite(Citation citation)
    {
        Citations.Add((citation, _citedTo, Text.Length));
        _citedTo = Text.Length;
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", Type);
        if (Type == "output_text")
        {
            json.WriteStartArray("annotations");
            foreach (var (citation, start, end) in Citations)
            {
                Annotation.Write(json, citation, start, end);
            }

            json.WriteEndArray();
            OpenAiResponses.Logprobs.Write(json, Logprobs);
        }

        json.WriteString(Member, Text.ToString());
        json.WriteEndObject();
    }
}

/// <summary>What is thought, as a summary, with what its issuer needs to take it back.</summary>
internal sealed class ReasoningDraft(int index, string id) : ItemDraft(index, id)
{
    public StringBuilder Text { get; } = new();

    public string? Encrypted { get; set; }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("type", "reasoning");
        json.WriteStartArray("summary");
        if (Text.Length > 0)
        {
            WriteSummary(json, Text.ToString());
        }

        json.WriteEndArray();
        if (Encrypted is { } encrypted)
        {
            json.WriteString("encrypted_content", encrypted);
        }

        json.WriteEndObject();
    }

    public static void WriteSummary(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "summary_text");
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}

/// <summary>A call of one of the caller's functions.</summary>
internal sealed class CallDraft(int index, string id, ToolCallStarted call) : ItemDraft(index, id)
{
    public StringBuilder Arguments { get; } = new();

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("type", "function_call");
        json.WriteString("status", Status);
        json.WriteString("arguments", Arguments.ToString());
        json.WriteString("call_id", call.Id);
        json.WriteString("name", call.Name);
        json.WriteEndObject();
    }
}
