using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.Configuration.Revisions;

/// <summary>One place at which two configurations differ.</summary>
/// <param name="Pointer">Where, as a JSON pointer.</param>
/// <param name="Before">What was there, as JSON; <see langword="null"/> for nothing.</param>
/// <param name="After">What is there now; <see langword="null"/> for nothing.</param>
internal sealed record ConfigurationChange(string Pointer, string? Before, string? After)
{
    public string Kind =>
        Before is null && After is not null ? "added"
        : After is null && Before is not null ? "removed"
        : "changed";

    /// <summary>One line: <c>+ /pins: true</c>, <c>- /pins: true</c>, <c>~ /pins: true → false</c>.</summary>
    public override string ToString() =>
        (Before, After) switch
        {
            (null, { } after) => $"+ {Pointer}: {after}",
            ({ } before, null) => $"- {Pointer}: {before}",
            ({ } before, { } after) => $"~ {Pointer}: {before} → {after}",
            _ => $"~ {Pointer}",
        };

    /// <summary>Every place at which two configurations differ, as deep down as it goes, in the order of their members.</summary>
    public static ImmutableArray<ConfigurationChange> Between(string before, string after)
    {
        var changes = ImmutableArray.CreateBuilder<ConfigurationChange>();
        Compare(before.Length == 0 ? new JsonObject() : JsonNode.Parse(before), JsonNode.Parse(after), "", changes);
        return changes.ToImmutable();
    }

    private static void Compare(JsonNode? before, JsonNode? after, string pointer, ImmutableArray<ConfigurationChange>.Builder changes)
    {
        switch (before, after)
        {
            case (JsonObject was, JsonObject now):
                foreach (var name in was.Select(m => m.Key).Union(now.Select(m => m.Key)))
                {
                    Compare(was[name], now[name], JsonPointer.Join(pointer, name), changes);
                }

                break;
            case (JsonArray was, JsonArray now):
                for (var i = 0; i < Math.Max(was.Count, now.Count); i++)
                {
                    var at = JsonPointer.Join(pointer, i.ToString(CultureInfo.InvariantCulture));
                    Compare(i < was.Count ? was[i] : null, i < now.Count ? now[i] : null, at, changes);
                }

                break;
            default:
                if (!JsonNode.DeepEquals(before, after))
                {
                    changes.Add(new ConfigurationChange(pointer, ReadableJson.Of(before), ReadableJson.Of(after)));
                }

                break;
        }
    }
}
