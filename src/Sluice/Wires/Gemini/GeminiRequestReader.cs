using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Reads a Gemini request; every member may have either of its two names.</summary>
internal static class GeminiRequestReader
{
    private static readonly HashSet<string> Known =
    [
        "model",
        "contents",
        "systemInstruction",
        "tools",
        "toolConfig",
        "generationConfig",
        "serviceTier",
    ];

    private static readonly HashSet<string> KnownSettings =
    [
        "temperature",
        "topP",
        "topK",
        "maxOutputTokens",
        "stopSequences",
        "seed",
        "presencePenalty",
        "frequencyPenalty",
        "candidateCount",
        "responseLogprobs",
        "logprobs",
        "responseMimeType",
        "responseSchema",
        "responseJsonSchema",
        "thinkingConfig",
    ];

    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 256 });
        var root = document.RootElement;
        var settings = root.Field("generationConfig") ?? default;
        var thinking = settings.Field("thinkingConfig");
        var toolConfig = root.Field("toolConfig") ?? default;
        var calling = toolConfig.Field("functionCallingConfig") ?? default;
        var format = ReadFormat(settings);
        return new ChatRequest
        {
            System = [.. GeminiContentsReader.ReadSystem(root.Field("systemInstruction"))],
            Messages = new GeminiContentsReader().Read(root.Items("contents")),
            Tools = GeminiToolsReader.Offered(root, calling),
            ServerTools = GeminiToolsReader.ServerTools(root),
            ToolChoice = GeminiToolsReader.Choice(calling),
            MaxOutput = settings.FieldInteger("maxOutputTokens"),
            Temperature = settings.FieldDecimal("temperature"),
            TopP = settings.FieldDecimal("topP"),
            TopK = settings.FieldInteger("topK"),
            Stop = [.. settings.FieldItems("stopSequences").Select(s => s.GetString()!)],
            Seed = settings.FieldInteger("seed"),
            PresencePenalty = settings.FieldDecimal("presencePenalty"),
            FrequencyPenalty = settings.FieldDecimal("frequencyPenalty"),
            Choices = (int?)settings.FieldInteger("candidateCount"),
            Logprobs = settings.FieldFlag("responseLogprobs"),
            TopLogprobs = (int?)settings.FieldInteger("logprobs"),
            Format = format,
            ThinkingBudget = thinking?.FieldInteger("thinkingBudget") is > 0 and var budget ? budget : null,
            ReasoningEffort = EffortOf(thinking),
            ShowReasoning = thinking is null ? null : thinking.Value.FieldFlag("includeThoughts") ?? false,
            ServiceTier = root.FieldText("serviceTier"),
            Extensions =
            [
                .. Unknown(root, Known, ""),
                .. Unknown(settings, KnownSettings, "generationConfig."),
                .. Unknown(toolConfig, ["functionCallingConfig"], "toolConfig."),
                .. format is null ? FormatOfItsOwn(settings) : [],
            ],
            Unheld = [.. GeminiToolsReader.Unheld(root)],
            Origin = WireKind.Gemini,
        };
    }

    /// <summary>A budget of nothing is no thinking; a level is an effort, in capitals.</summary>
    private static string? EffortOf(JsonElement? thinking) =>
        thinking?.FieldInteger("thinkingBudget") == 0 ? "none"
        : thinking?.FieldText("thinkingLevel") is { } level && level != "THINKING_LEVEL_UNSPECIFIED" ? level.ToLowerInvariant()
        : null;

    private static ResponseFormat? ReadFormat(JsonElement settings)
    {
        if (settings.FieldText("responseMimeType") != "application/json")
        {
            return null;
        }

        var schema =
            settings.Field("responseJsonSchema")?.Clone()
            ?? (settings.Field("responseSchema") is { } subset ? GeminiSchema.ToJsonSchema(subset) : null);
        return new ResponseFormat(null, schema, null);
    }

    /// <summary>Forms that only Gemini has, such as <c>text/x.enum</c>.</summary>
    private static IEnumerable<KeyValuePair<string, JsonElement>> FormatOfItsOwn(JsonElement settings)
    {
        foreach (var name in (string[])["responseMimeType", "responseSchema", "responseJsonSchema"])
        {
            if (settings.Field(name) is { } value && !(value.ValueKind == JsonValueKind.String && value.GetString() == "text/plain"))
            {
                yield return KeyValuePair.Create($"generationConfig.{name}", value.Clone());
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonElement>> Unknown(JsonElement element, HashSet<string> known, string before)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var member in element.Members())
        {
            var name = ProtoName.Camel(member.Name);
            if (!known.Contains(name) && member.Value.ValueKind is not JsonValueKind.Null and not JsonValueKind.Undefined)
            {
                yield return KeyValuePair.Create(before + name, member.Value.Clone());
            }
        }
    }
}
