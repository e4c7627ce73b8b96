using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator;

/// <summary>Gemini's generateContent and countTokens.</summary>
internal sealed class GeminiTemplate : IWireTemplate
{
    /// <summary>A signature as Gemini puts it beside the first of its calls.</summary>
    private const string Signature = "c2ltdWxhdGVkLXRob3VnaHQ=";

    private static readonly string[] Media = ["inlineData", "inline_data", "fileData", "file_data"];

    public bool Serves(string path) =>
        path.Contains("/models/", StringComparison.Ordinal)
        && (
            path.EndsWith(":generateContent", StringComparison.Ordinal)
            || path.EndsWith(":streamGenerateContent", StringComparison.Ordinal)
            || path.EndsWith(":countTokens", StringComparison.Ordinal)
        );

    public string? Direct(string path, JsonElement request) =>
        path.EndsWith(":countTokens", StringComparison.Ordinal)
            ? $$$$"""{"totalTokens":{{{{Words.Count(request.GetRawText())}}}},"promptTokensDetails":[{"modality":"TEXT","tokenCount":{{{{Words.Count(request.GetRawText())}}}}}]}"""
            : null;

    public string Whole(Answer answer, JsonElement request, string model)
    {
        var parts = new List<string>();
        if (answer.Thinking is { } thinking)
        {
            parts.Add(Thought(thinking));
        }

        if (answer.Tokens.Count > 0)
        {
            parts.Add(Text(answer.Text));
        }

        parts.AddRange(answer.Calls.Select(Call));
        return Chunk(parts, answer, model, finish: true, usage: true);
    }

    public StreamScript Stream(Answer answer, JsonElement request, string model, Fault fault)
    {
        var content = new List<string>();
        if (answer.Thinking is { } thinking)
        {
            content.Add(Frame(Chunk([Thought(thinking)], answer, model, finish: false, !fault.NoUsage)));
        }

        var tokens = fault.OneByte ? answer.Text.Select(c => c.ToString()) : answer.Tokens;
        content.AddRange(tokens.Select(t => Frame(Chunk([Text(t)], answer, model, finish: false, !fault.NoUsage))));
        var last = answer.Calls.Count > 0 ? answer.Calls.Select(Call).ToList() : [Text("")];
        if (answer.Calls.Count > 0 && fault.NoFinish)
        {
            content.Add(Frame(Chunk(last, answer, model, finish: false, !fault.NoUsage)));
        }

        return new StreamScript(
            [Frame(Chunk([Text("")], answer, model, finish: false, !fault.NoUsage))],
            content,
            fault.NoFinish ? [] : [Frame(Chunk(last, answer, model, finish: true, !fault.NoUsage))]
        );
    }

    public string Error(int status, string? code, string message)
    {
        var (named, said, details) = (status, code) switch
        {
            (_, "insufficient_quota") => (
                "RESOURCE_EXHAUSTED",
                "You exceeded your current quota, please check your plan and billing details.",
                """[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]"""
            ),
            (_, "context_length_exceeded") => (
                "INVALID_ARGUMENT",
                "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
                "[]"
            ),
            (_, "content_filter") => ("INVALID_ARGUMENT", "The prompt violates the content policy.", "[]"),
            (401, _) => (
                "INVALID_ARGUMENT",
                "API key not valid. Please pass a valid API key.",
                """[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]"""
            ),
            (403, _) => ("PERMISSION_DENIED", message, "[]"),
            (404, _) => ("NOT_FOUND", message, "[]"),
            (429, _) => ("RESOURCE_EXHAUSTED", message, "[]"),
            (>= 500, _) => (status == 500 ? "INTERNAL" : "UNAVAILABLE", message, "[]"),
            _ => ("INVALID_ARGUMENT", message, "[]"),
        };
        return $$$$"""{"error":{"code":{{{{status}}}},"message":{{{{Quote(said)}}}},"status":"{{{{named}}}}","details":{{{{details}}}}}}""";
    }

    public string ErrorFrame(string message) =>
        Frame($$$$"""{"error":{"code":503,"message":{{{{Quote(message)}}}},"status":"UNAVAILABLE"}}""");

    public JsonElement InWordsOfChat(JsonElement request)
    {
        var messages = new JsonArray();
        if (request.TryGetProperty("systemInstruction", out var system))
        {
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = string.Concat(Parts(system).Select(TextOf)) });
        }

        foreach (var content in request.GetProperty("contents").EnumerateArray())
        {
            AddTurn(messages, content);
        }

        var plain = new JsonObject { ["messages"] = messages };
        AddTools(plain, request);
        AddSettings(plain, request);
        return JsonSerializer.SerializeToElement(plain);
    }

    private static void AddTurn(JsonArray messages, JsonElement content)
    {
        var role = content.TryGetProperty("role", out var said) && said.GetString() == "model" ? "assistant" : "user";
        var parts = new JsonArray();
        foreach (var part in Parts(content))
        {
            if (part.TryGetProperty("functionResponse", out var result))
            {
                var response = result.GetProperty("response");
                var failed = response.TryGetProperty("error", out var error);
                parts.Add(
                    new JsonObject
                    {
                        ["type"] = "tool_result",
                        ["is_error"] = failed,
                        ["content"] =
                            failed ? error.ToString()
                            : response.TryGetProperty("output", out var output) ? output.ToString()
                            : response.GetRawText(),
                    }
                );
            }
            else if (Media.Any(name => part.TryGetProperty(name, out _)))
            {
                parts.Add(new JsonObject { ["type"] = "image" });
            }
            else if (part.TryGetProperty("text", out _))
            {
                parts.Add(new JsonObject { ["type"] = "text", ["text"] = TextOf(part) });
            }
        }

        messages.Add(new JsonObject { ["role"] = role, ["content"] = parts });
    }

    private static void AddTools(JsonObject plain, JsonElement request)
    {
        var tools = new JsonArray();
        foreach (var tool in request.TryGetProperty("tools", out var offered) ? offered.EnumerateArray() : default)
        {
            foreach (var function in tool.TryGetProperty("functionDeclarations", out var list) ? list.EnumerateArray() : default)
            {
                var copy = new JsonObject { ["name"] = function.GetProperty("name").GetString() };
                if (function.TryGetProperty("parameters", out var schema) || function.TryGetProperty("parametersJsonSchema", out schema))
                {
                    copy["parameters"] = Lower(JsonNode.Parse(schema.GetRawText()));
                }

                tools.Add(new JsonObject { ["function"] = copy });
            }
        }

        if (tools.Count == 0)
        {
            return;
        }

        plain["tools"] = tools;
        if (
            request.TryGetProperty("toolConfig", out var config)
            && config.TryGetProperty("functionCallingConfig", out var calling)
            && calling.GetProperty("mode").GetString() == "ANY"
        )
        {
            plain["tool_choice"] = calling.TryGetProperty("allowedFunctionNames", out var names)
                ? new JsonObject { ["function"] = new JsonObject { ["name"] = names[0].GetString() } }
                : "required";
        }
    }

    private static void AddSettings(JsonObject plain, JsonElement request)
    {
        if (!request.TryGetProperty("generationConfig", out var config) || config.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (config.TryGetProperty("maxOutputTokens", out var limit))
        {
            plain["max_tokens"] = limit.GetInt32();
        }

        if (config.TryGetProperty("responseMimeType", out var type) && type.GetString() == "application/json")
        {
            var format = new JsonObject { ["type"] = "json_object" };
            if (config.TryGetProperty("responseSchema", out var schema) || config.TryGetProperty("responseJsonSchema", out schema))
            {
                format["type"] = "json_schema";
                format["json_schema"] = new JsonObject { ["schema"] = Lower(JsonNode.Parse(schema.GetRawText())) };
            }

            plain["response_format"] = format;
        }
    }

    /// <summary>Types of a schema may be in capitals.</summary>
    private static JsonNode? Lower(JsonNode? schema)
    {
        foreach (var (name, value) in (schema as JsonObject)?.ToList() ?? [])
        {
            if (name == "type" && value is JsonValue type)
            {
                schema!["type"] = type.ToString().ToLowerInvariant();
            }
            else
            {
                Lower(value);
            }
        }

        return schema;
    }

    private static JsonElement.ArrayEnumerator Parts(JsonElement content) =>
        content.TryGetProperty("parts", out var parts) ? parts.EnumerateArray() : default;

    private static string TextOf(JsonElement part) => part.TryGetProperty("text", out var text) ? text.GetString() ?? "" : "";

    private static string Text(string text) => $$$$"""{"text":{{{{Quote(text)}}}}}""";

    private static string Thought(string text) => $$$$"""{"text":{{{{Quote(text)}}}},"thought":true}""";

    /// <summary>Calls have no ids, and of several only the first is signed.</summary>
    private static string Call(Call call, int position)
    {
        var signature = position == 0 ? $$$$""","thoughtSignature":"{{{{Signature}}}}" """.TrimEnd() : "";
        return $$$$"""{"functionCall":{"name":{{{{Quote(call.Name)}}}},"args":{{{{call.Arguments}}}}}{{{{signature}}}}}""";
    }

    /// <summary>Usage stands on every chunk and grows with it; here each has the whole of it.</summary>
    private static string Chunk(IReadOnlyList<string> parts, Answer answer, string model, bool finish, bool usage)
    {
        var reason = !finish ? "" : $$$$""","finishReason":"{{{{Reason(answer.Finish)}}}}" """.TrimEnd();
        var thoughts = answer.Thinking is { } thinking ? Words.Count(thinking) : 0;
        var counted = usage
            ? $$$$""","usageMetadata":{"promptTokenCount":{{{{answer.InputTokens}}}},"candidatesTokenCount":{{{{answer.OutputTokens - thoughts}}}},"totalTokenCount":{{{{answer.InputTokens + answer.OutputTokens}}}},"promptTokensDetails":[{"modality":"TEXT","tokenCount":{{{{answer.InputTokens}}}}}],"thoughtsTokenCount":{{{{thoughts}}}}}"""
            : "";
        return $$$$"""{"candidates":[{"content":{"parts":[{{{{string.Join(",", parts)}}}}],"role":"model"}{{{{reason}}}},"index":0}]{{{{counted}}}},"modelVersion":{{{{Quote(model)}}}},"responseId":"sim"}""";
    }

    private static string Reason(Finish finish) =>
        finish switch
        {
            Finish.Length => "MAX_TOKENS",
            Finish.Refusal => "SAFETY",
            _ => "STOP",
        };

    private static string Frame(string json) => $"data: {json}\r\n\r\n";

    private static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
