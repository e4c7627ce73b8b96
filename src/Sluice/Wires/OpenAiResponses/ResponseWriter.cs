using System.Text;
using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Writes the response object with every member the official SDKs need; the settings are those of the request.</summary>
internal sealed class ResponseWriter(AnswerIdentity identity)
{
    /// <summary>What the request may have said, and what holds where it did not.</summary>
    private static readonly (string Name, string Otherwise)[] Settings =
    [
        ("instructions", "null"),
        ("max_output_tokens", "null"),
        ("max_tool_calls", "null"),
        ("parallel_tool_calls", "true"),
        ("previous_response_id", "null"),
        ("prompt_cache_key", "null"),
        ("reasoning", """{"effort":null,"summary":null}"""),
        ("safety_identifier", "null"),
        ("service_tier", "\"default\""),
        ("temperature", "1"),
        ("text", """{"format":{"type":"text"}}"""),
        ("tool_choice", "\"auto\""),
        ("tools", "[]"),
        ("top_logprobs", "0"),
        ("top_p", "1"),
        ("truncation", "\"disabled\""),
        ("user", "null"),
        ("metadata", "{}"),
    ];

    /// <param name="finish">How it ended; <see langword="null"/> while it is under way.</param>
    public void Write(Utf8JsonWriter json, IEnumerable<ItemDraft> output, FinishReason? finish, Usage? usage)
    {
        var incomplete = IncompleteReason(finish, output);
        json.WriteStartObject();
        json.WriteString("id", identity.Id);
        json.WriteString("object", "response");
        json.WriteNumber("created_at", identity.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("status", StatusOf(finish, incomplete));
        json.WriteBoolean("background", false);
        json.WriteNull("error");
        if (incomplete is null)
        {
            json.WriteNull("incomplete_details");
        }
        else
        {
            json.WriteStartObject("incomplete_details");
            json.WriteString("reason", incomplete);
            json.WriteEndObject();
        }

        json.WriteString("model", identity.Model);
        json.WriteStartArray("output");
        foreach (var item in output)
        {
            item.Write(json);
        }

        json.WriteEndArray();
        WriteSettings(json);
        // What comes from another wire is kept nowhere.
        json.WriteBoolean("store", false);
        WriteUsage(json, finish is null ? null : usage ?? Usage.None);
        json.WriteEndObject();
    }

    /// <summary>The name of the event that ends a stream.</summary>
    public static string Ending(FinishReason finish, IEnumerable<ItemDraft> output) =>
        IncompleteReason(finish, output) is null ? "response.completed" : "response.incomplete";

    private static string StatusOf(FinishReason? finish, string? incomplete) =>
        finish is null ? "in_progress"
        : incomplete is null ? "completed"
        : "incomplete";

    /// <summary>A refusal in words is a complete answer; without words it was a filter.</summary>
    private static string? IncompleteReason(FinishReason? finish, IEnumerable<ItemDraft> output) =>
        finish switch
        {
            FinishReason.Length or FinishReason.Paused => "max_output_tokens",
            FinishReason.Refusal when !output.OfType<MessageDraft>().Any(m => m.Content.Exists(c => c.Type == "refusal")) =>
                "content_filter",
            _ => null,
        };

    private void WriteSettings(Utf8JsonWriter json)
    {
        foreach (var (name, otherwise) in Settings)
        {
            var said = identity.Asked is { } asked ? asked.Members.Value(name) : default;
            json.WritePropertyName(name);
            json.WriteRawValue(said.IsEmpty ? Encoding.UTF8.GetBytes(otherwise) : said, skipInputValidation: true);
        }
    }

    private static void WriteUsage(Utf8JsonWriter json, Usage? usage)
    {
        if (usage is null)
        {
            json.WriteNull("usage");
            return;
        }

        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", usage.InputTokens);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", usage.CacheReadTokens);
        json.WriteNumber("cache_write_tokens", usage.CacheWriteTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", usage.OutputTokens);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", usage.InputTokens + usage.OutputTokens);
        json.WriteEndObject();
    }
}
