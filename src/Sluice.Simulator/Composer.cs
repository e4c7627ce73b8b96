using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator;

/// <summary>Decides what to say to a request: an echo, tool calls, or what the prompt asks for in brackets.</summary>
/// <remarks><c>[tool]</c> calls the first tool offered, <c>[tools]</c> the first two at once, <c>[refuse]</c> refuses, <c>[think]</c> thinks first.</remarks>
internal static class Composer
{
    private const string AnyJson = """{"answer":"yes"}""";

    public static Answer Compose(JsonElement request, Fault fault)
    {
        var messages = Messages(request);
        var last = messages.LastOrDefault();
        var said = last is null ? "" : last.Text;
        var input = messages.Sum(m => 4 + Words.Count(m.Text)) + Words.Count(Raw(request, "tools")) + Words.Count(Raw(request, "system"));
        var calls = last is { IsToolResult: true } ? [] : Calls(request, said);
        if (calls.Count > 0)
        {
            return new Answer
            {
                Tokens = [],
                Calls = calls,
                Finish = Finish.Tools,
                InputTokens = input,
            };
        }

        if (said.Contains("[refuse]", StringComparison.Ordinal))
        {
            return new Answer
            {
                Tokens = Words.Split("I cannot help with that."),
                Refusal = true,
                Finish = Finish.Refusal,
                InputTokens = input,
            };
        }

        var tokens = GoOn(request, messages, fault) ?? Speak(request, messages, fault);
        var limit = Limit(request);
        return new Answer
        {
            Tokens = [.. tokens.Take(limit)],
            Thinking = said.Contains("[think]", StringComparison.Ordinal) ? "The user wants an answer." : null,
            Finish = tokens.Count > limit ? Finish.Length : Finish.Stop,
            InputTokens = input,
        };
    }

    /// <summary>Whether the last turn is the assistant's: the beginning of the answer.</summary>
    public static bool IsBegun(JsonElement request) => Messages(request) is [.., { IsAssistant: true }];

    /// <summary>The rest of an answer whose beginning is given.</summary>
    private static IReadOnlyList<string>? GoOn(JsonElement request, List<Message> messages, Fault fault)
    {
        if (messages is not [.., { IsAssistant: true, Text: { Length: > 0 } begun }])
        {
            return null;
        }

        var whole = string.Concat(Speak(request, messages[..^1], fault));
        return whole.StartsWith(begun, StringComparison.Ordinal) ? Words.Split(whole[begun.Length..]) : null;
    }

    private static IReadOnlyList<string> Speak(JsonElement request, List<Message> messages, Fault fault)
    {
        if (fault.Tokens is { } count)
        {
            return [.. Enumerable.Range(1, count).Select(i => i == 1 ? "t1" : $" t{i}")];
        }

        if (
            request.TryGetProperty("response_format", out var format)
            && format.GetProperty("type").GetString() is "json_object" or "json_schema"
        )
        {
            return Words.Split(Json(format));
        }

        if (request.TryGetProperty("output_config", out var output) && output.TryGetProperty("format", out var own))
        {
            return Words.Split(Plausible(own.GetProperty("schema"))!.ToJsonString());
        }

        if (Demanded(request) is { } demanded)
        {
            return Words.Split(Plausible(demanded)!.ToJsonString());
        }

        if (request.TryGetProperty("format", out var ollama))
        {
            return Words.Split(ollama.ValueKind == JsonValueKind.Object ? Plausible(ollama)!.ToJsonString() : AnyJson);
        }

        var results = messages.AsEnumerable().Reverse().TakeWhile(m => m.IsToolResult).Reverse().ToList();
        if (results.Count > 0)
        {
            return Words.Split($"The tools said: {string.Join("; ", results.Select(r => (r.IsError ? "error: " : "") + r.Text))}");
        }

        var images = messages.Sum(m => m.Images);
        var seen = images == 0 ? "" : $" I see {images} image{(images == 1 ? "" : "s")}.";
        return Words.Split($"You said: {messages.LastOrDefault()?.Text}{seen}");
    }

    /// <summary>The schema that the system's words ask an answer to fit.</summary>
    private static JsonElement? Demanded(JsonElement request)
    {
        var system = SystemWords(request);
        var at = system.IndexOf("JSON schema: {", StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(system[system.IndexOf('{', at)..]));
        return JsonElement.ParseValue(ref reader);
    }

    private static string SystemWords(JsonElement request)
    {
        var own = request.TryGetProperty("system", out var system) ? Said(system) : "";
        var first =
            request.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array
                ? messages.EnumerateArray().FirstOrDefault(m => m.TryGetProperty("role", out var role) && role.GetString() == "system")
                : default;
        return first.ValueKind == JsonValueKind.Object && first.TryGetProperty("content", out var content) ? own + Said(content) : own;
    }

    private static string Said(JsonElement content) =>
        content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Concat(
                content.EnumerateArray().Select(p => p.TryGetProperty("text", out var text) ? text.GetString() : "")
            ),
            _ => "",
        };

    private static string Json(JsonElement format) =>
        format.TryGetProperty("json_schema", out var schema)
            // Workers AI takes the schema itself.
            ? Plausible(schema.TryGetProperty("schema", out var shape) ? shape : schema)?.ToJsonString() ?? "{}"
            : AnyJson;

    private static int Limit(JsonElement request)
    {
        if (request.TryGetProperty("options", out var options) && options.TryGetProperty("num_predict", out var predict))
        {
            return predict.GetInt32();
        }

        foreach (var name in (string[])["max_completion_tokens", "max_tokens"])
        {
            if (request.TryGetProperty(name, out var limit) && limit.ValueKind == JsonValueKind.Number)
            {
                return limit.GetInt32();
            }
        }

        return int.MaxValue;
    }

    private static List<Call> Calls(JsonElement request, string said)
    {
        var tools =
            request.TryGetProperty("tools", out var offered) && offered.ValueKind == JsonValueKind.Array
                ? offered.EnumerateArray().ToList()
                : [];
        var forced = Forced(request);
        var wanted =
            forced is not null ? tools.Where(t => forced.Length == 0 || Function(t).GetProperty("name").GetString() == forced).Take(1)
            : said.Contains("[tools]", StringComparison.Ordinal) ? tools.Take(2)
            : said.Contains("[tool]", StringComparison.Ordinal) ? tools.Take(1)
            : [];
        return
        [
            .. wanted.Select(
                (tool, i) =>
                {
                    var function = Function(tool);
                    var schema =
                        function.TryGetProperty("parameters", out var p) || function.TryGetProperty("input_schema", out p) ? p : default;
                    var arguments = schema.ValueKind == JsonValueKind.Object ? Plausible(schema) : new JsonObject();
                    return new Call($"call_sim{i + 1}", function.GetProperty("name").GetString()!, arguments?.ToJsonString() ?? "{}");
                }
            ),
        ];
    }

    private static JsonElement Function(JsonElement tool) => tool.TryGetProperty("function", out var function) ? function : tool;

    /// <returns>The tool that must be called, empty for any; <see langword="null"/> when none must.</returns>
    private static string? Forced(JsonElement request)
    {
        if (!request.TryGetProperty("tool_choice", out var choice))
        {
            return null;
        }

        if (choice.ValueKind == JsonValueKind.String)
        {
            return choice.GetString() == "required" ? "" : null;
        }

        return choice.TryGetProperty("function", out var function) ? function.GetProperty("name").GetString()
            : choice.GetProperty("type").GetString() == "tool" ? choice.GetProperty("name").GetString()
            : choice.GetProperty("type").GetString() == "any" ? ""
            : null;
    }

    /// <summary>A value that fits a JSON schema.</summary>
    private static JsonNode? Plausible(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var values) && values.GetArrayLength() > 0)
        {
            return JsonNode.Parse(values[0].GetRawText());
        }

        var type = schema.TryGetProperty("type", out var t)
            ? (t.ValueKind == JsonValueKind.Array ? t[0].GetString() : t.GetString())
            : "object";
        switch (type)
        {
            case "string":
                return "text";
            case "integer":
                return 42;
            case "number":
                return 4.2;
            case "boolean":
                return true;
            case "array":
                return schema.TryGetProperty("items", out var items) ? new JsonArray(Plausible(items)) : new JsonArray();
            default:
                var result = new JsonObject();
                if (schema.TryGetProperty("properties", out var properties))
                {
                    foreach (var property in properties.EnumerateObject())
                    {
                        result[property.Name] = Plausible(property.Value);
                    }
                }

                return result;
        }
    }

    private static string Raw(JsonElement request, string name) => request.TryGetProperty(name, out var value) ? value.GetRawText() : "";

    private static List<Message> Messages(JsonElement request)
    {
        var messages = new List<Message>();
        if (!request.TryGetProperty("messages", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return messages;
        }

        foreach (var message in list.EnumerateArray())
        {
            var isTool = message.TryGetProperty("role", out var role) && role.GetString() == "tool";
            var isAssistant = role.ValueKind == JsonValueKind.String && role.GetString() == "assistant";
            if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (content.ValueKind == JsonValueKind.String)
            {
                var seen = message.TryGetProperty("images", out var beside) ? beside.GetArrayLength() : 0;
                messages.Add(new Message(content.GetString()!, isTool, false, seen) { IsAssistant = isAssistant });
                continue;
            }

            var parts = content.EnumerateArray().ToList();
            var results = parts.Where(p => Type(p) == "tool_result").ToList();
            messages.AddRange(
                results.Select(r => new Message(
                    TextOf(r),
                    true,
                    r.TryGetProperty("is_error", out var e) && e.ValueKind == JsonValueKind.True,
                    0
                ))
            );
            if (parts.Count > results.Count)
            {
                var text = string.Concat(parts.Where(p => Type(p) == "text").Select(p => p.GetProperty("text").GetString()));
                var images = parts.Count(p => Type(p) is "image" or "image_url");
                messages.Add(new Message(text, isTool, false, images) { IsAssistant = isAssistant });
            }
        }

        return messages;
    }

    private static string Type(JsonElement part) => part.TryGetProperty("type", out var type) ? type.GetString() ?? "" : "";

    private static string TextOf(JsonElement result) =>
        !result.TryGetProperty("content", out var content) ? ""
        : content.ValueKind == JsonValueKind.String ? content.GetString()!
        : string.Concat(content.EnumerateArray().Where(p => Type(p) == "text").Select(p => p.GetProperty("text").GetString()));

    private sealed record Message(string Text, bool IsToolResult, bool IsError, int Images)
    {
        public bool IsAssistant { get; init; }
    }
}
