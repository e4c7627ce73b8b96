using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.Configuration;

/// <summary>JSON pointers (RFC 6901): <c>/routes/claude/targets/0</c>.</summary>
internal static class JsonPointer
{
    /// <summary>What is at a pointer; <see langword="null"/> where nothing is.</summary>
    public static JsonNode? Find(JsonNode? node, string pointer)
    {
        foreach (var part in Parts(pointer))
        {
            node = node switch
            {
                JsonObject map => map[part],
                JsonArray list when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < list.Count =>
                    list[i],
                _ => null,
            };
        }

        return node;
    }

    /// <summary>A pointer to a member of what another points to.</summary>
    public static string Join(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The way errors name the place: <c>routes.claude.tier</c>.</summary>
    public static string ToPath(string pointer) => string.Join('.', Parts(pointer));

    private static IEnumerable<string> Parts(string pointer) =>
        pointer.Split('/').Skip(1).Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
}
