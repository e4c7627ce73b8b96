using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>
/// Reasoning as entries of <c>reasoning_details</c>: its text with the signature, or the data only its issuer can read, so that a client
/// that returns a message returns them too. Source: https://openrouter.ai/docs/use-cases/reasoning-tokens.
/// </summary>
internal static class ReasoningDetails
{
    public const string Member = "reasoning_details";

    /// <summary>The id of a signature that stands for the text before it.</summary>
    private const string AfterText = "content";

    /// <summary>What an entry proves or hides; <see langword="null"/> for one that only shows text.</summary>
    /// <remarks>An entry that names a format or an id of its issuer's must go back with them: then it is kept as it is, without its text.</remarks>
    public static string? SecretOf(JsonElement entry)
    {
        if ((entry.Text("signature") ?? entry.Text("data")) is not { Length: > 0 } secret)
        {
            return null;
        }

        return entry.Text("format") is null ? secret : WithoutText(entry);
    }

    public static bool IsEncrypted(JsonElement entry) => entry.Text("type") == "reasoning.encrypted";

    public static string TextOf(JsonElement entry) => entry.Text("text") ?? entry.Text("summary") ?? "";

    /// <summary>The parts of an assistant's message before its text, those that belong to its calls by their ids, and those after its text.</summary>
    public static (List<Part> Before, Dictionary<string, ReasoningPart> OfCalls, List<Part> After) Read(JsonElement message)
    {
        var (before, ofCalls, after) = (new List<Part>(), new Dictionary<string, ReasoningPart>(), new List<Part>());
        var calls = message.Items("tool_calls").Select(c => c.Text("id")).ToHashSet();
        var text = new StringBuilder();
        foreach (var entry in message.Items(Member))
        {
            text.Append(TextOf(entry));
            if (SecretOf(entry) is not { } secret)
            {
                continue;
            }

            if (entry.Text("id") is { } call && calls.Contains(call))
            {
                ofCalls[call] = new ReasoningPart("", secret);
            }
            else if (entry.Text("id") == AfterText)
            {
                after.Add(new ReasoningPart("", secret));
            }
            else if (IsEncrypted(entry))
            {
                Flush(before, text);
                before.Add(new ReasoningPart("", null, secret));
            }
            else
            {
                before.Add(new ReasoningPart(text.ToString(), secret));
                text.Clear();
            }
        }

        Flush(before, text);
        if (!before.Exists(p => p is ReasoningPart { Text.Length: > 0 }) && PlainText(message) is { Length: > 0 } plain)
        {
            before.Insert(0, new ReasoningPart(plain, null));
        }

        return (before, ofCalls, after);
    }

    /// <summary>Writes one entry.</summary>
    /// <param name="part">Reasoning with a signature or data.</param>
    /// <param name="index">Its place among the entries.</param>
    /// <param name="call">The call its signature belongs to.</param>
    /// <param name="afterText">Whether it stands for the text before it.</param>
    public static void Write(Utf8JsonWriter json, ReasoningPart part, int index, string? call = null, bool afterText = false)
    {
        var secret = part.Signature ?? part.Redacted;
        json.WriteStartObject();
        if (secret is ['{', ..] && WriteKept(json, secret, part.Text))
        {
            json.WriteEndObject();
            return;
        }

        var encrypted = part.Redacted is not null || call is not null;
        json.WriteString("type", encrypted ? "reasoning.encrypted" : "reasoning.text");
        if (!encrypted)
        {
            json.WriteString("text", part.Text);
        }

        if (secret is not null)
        {
            json.WriteString(encrypted ? "data" : "signature", secret);
        }

        if ((call ?? (afterText ? AfterText : null)) is { } id)
        {
            json.WriteString("id", id);
        }

        json.WriteNumber("index", index);
        json.WriteEndObject();
    }

    private static string? PlainText(JsonElement message) => message.Text("reasoning_content") ?? message.Text("reasoning");

    private static void Flush(List<Part> parts, StringBuilder text)
    {
        if (text.Length > 0)
        {
            parts.Add(new ReasoningPart(text.ToString(), null));
            text.Clear();
        }
    }

    private static string WithoutText(JsonElement entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            json.WriteStartObject();
            foreach (var member in entry.Members().Where(m => m.Name is not ("text" or "summary")))
            {
                member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool WriteKept(Utf8JsonWriter json, string entry, string text)
    {
        try
        {
            using var kept = JsonDocument.Parse(entry);
            foreach (var member in kept.RootElement.Members())
            {
                member.WriteTo(json);
            }

            if (text.Length > 0)
            {
                json.WriteString(kept.RootElement.Text("type") == "reasoning.summary" ? "summary" : "text", text);
            }

            return true;
        }
        catch (JsonException)
        {
            // A signature that merely begins like an object.
            return false;
        }
    }
}
