using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Ollama;

/// <summary>Reads what a chat and a single prompt have in common: options, form of the answer, thinking.</summary>
internal static class OllamaSettingsReader
{
    /// <summary>What stands before the name of an option among a request's extensions.</summary>
    public const string OptionPrefix = "options.";

    private static readonly HashSet<string> KnownOptions =
    [
        "num_predict",
        "temperature",
        "top_p",
        "top_k",
        "stop",
        "seed",
        "frequency_penalty",
        "presence_penalty",
    ];

    /// <param name="root">The request.</param>
    /// <param name="known">Its members that need no extension.</param>
    public static ChatRequest Read(JsonElement root, HashSet<string> known)
    {
        var options = root.Get("options") ?? default;
        var think = root.Get("think");
        return new ChatRequest
        {
            Messages = [],
            MaxOutput = options.Integer("num_predict") is > 0 and var limit ? limit : null,
            Temperature = options.Decimal("temperature"),
            TopP = options.Decimal("top_p"),
            TopK = options.Integer("top_k"),
            Stop = options.Text("stop") is { } one ? [one] : [.. options.Items("stop").Select(s => s.GetString()!)],
            Seed = options.Integer("seed"),
            FrequencyPenalty = options.Decimal("frequency_penalty"),
            PresencePenalty = options.Decimal("presence_penalty"),
            Logprobs = root.Flag("logprobs"),
            TopLogprobs = (int?)root.Integer("top_logprobs"),
            Format = ReadFormat(root.Get("format")),
            ReasoningEffort = ReadEffort(think),
            ShowReasoning = think is null ? null : think.Value.ValueKind != JsonValueKind.False,
            Stream = root.Flag("stream") ?? true,
            Extensions = [.. Unknown(root, known, ""), .. Unknown(options, KnownOptions, OptionPrefix)],
            Origin = WireKind.Ollama,
        };
    }

    private static ResponseFormat? ReadFormat(JsonElement? format) =>
        format switch
        {
            { ValueKind: JsonValueKind.String } word when word.GetString() == "json" => new ResponseFormat(null, null, null),
            { ValueKind: JsonValueKind.Object } schema => new ResponseFormat(null, schema.Clone(), null),
            _ => null,
        };

    /// <summary>Thinking is switched on and off, or given one of three levels.</summary>
    private static string? ReadEffort(JsonElement? think) =>
        think switch
        {
            { ValueKind: JsonValueKind.False } => "none",
            { ValueKind: JsonValueKind.True } => "medium",
            { ValueKind: JsonValueKind.String } level => level.GetString(),
            _ => null,
        };

    private static IEnumerable<KeyValuePair<string, JsonElement>> Unknown(JsonElement element, HashSet<string> known, string prefix) =>
        element.ValueKind != JsonValueKind.Object
            ? []
            : element
                .Members()
                .Where(m => !known.Contains(m.Name) && m.Value.ValueKind != JsonValueKind.Null)
                .Select(m => KeyValuePair.Create(prefix + m.Name, m.Value.Clone()));
}
