using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Sluice.Client;

/// <summary>
/// What the types of Microsoft.Extensions.AI have no member for, in their additional properties: texts, numbers, truth values and
/// <see cref="JsonElement"/>s only, so that it survives being stored. What was loaded again is a <see cref="JsonElement"/> throughout.
/// </summary>
internal static class Properties
{
    public const string Receipt = "sluice.receipt";
    public const string Logprobs = "sluice.logprobs";
    public const string StopSequence = "sluice.stopSequence";

    /// <summary>The wire that <see cref="Json"/> belongs to.</summary>
    public const string Wire = "sluice.wire";

    /// <summary>The name of a piece on its wire.</summary>
    public const string Type = "sluice.type";

    /// <summary>A piece in its own wire's words.</summary>
    public const string Json = "sluice.json";

    /// <summary>Set on content that only shows what another content says already.</summary>
    public const string Shown = "sluice.shown";

    /// <summary>How many characters before an empty text rest on its sources.</summary>
    public const string Covers = "sluice.covers";

    /// <summary>Arguments that are no object, as the model wrote them.</summary>
    public const string Arguments = "sluice.arguments";

    public const string IsError = "sluice.isError";
    public const string Cache = "sluice.cacheControl";
    public const string Cited = "sluice.citations";

    public static string? Text(this AdditionalPropertiesDictionary? properties, string name) =>
        properties.Find(name) switch
        {
            string text => text,
            JsonElement { ValueKind: JsonValueKind.String } text => text.GetString(),
            _ => null,
        };

    public static IReadOnlyList<string>? Texts(this AdditionalPropertiesDictionary? properties, string name) =>
        properties.Element(name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(t => t.GetString() ?? "")]
            : null;

    public static long? Number(this AdditionalPropertiesDictionary? properties, string name) =>
        properties.Find(name) switch
        {
            long number => number,
            int number => number,
            JsonElement { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
            _ => null,
        };

    public static bool? Flag(this AdditionalPropertiesDictionary? properties, string name) =>
        properties.Find(name) switch
        {
            bool flag => flag,
            JsonElement { ValueKind: JsonValueKind.True } => true,
            JsonElement { ValueKind: JsonValueKind.False } => false,
            _ => null,
        };

    public static JsonElement? Element(this AdditionalPropertiesDictionary? properties, string name) =>
        properties.Find(name) is JsonElement element ? element : null;

    /// <summary>The properties with this value, or without it where it is <see langword="null"/>.</summary>
    public static AdditionalPropertiesDictionary? With(this AdditionalPropertiesDictionary? properties, string name, object? value)
    {
        if (value is null)
        {
            properties?.Remove(name);
            return properties;
        }

        properties ??= [];
        properties[name] = value;
        return properties;
    }

    private static object? Find(this AdditionalPropertiesDictionary? properties, string name) =>
        properties is not null && properties.TryGetValue(name, out var value) ? value : null;
}
