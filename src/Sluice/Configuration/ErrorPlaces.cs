using System.Text.Json.Nodes;

namespace Sluice.Configuration;

/// <summary>Says in which of several files what is wrong stands.</summary>
internal static class ErrorPlaces
{
    /// <param name="layers">The files, the one that others stand on first.</param>
    public static IReadOnlyList<ConfigurationError> Name(
        IReadOnlyList<ConfigurationError> errors,
        IReadOnlyList<(string Name, JsonObject Value)> layers
    ) => layers.Count < 2 ? errors : [.. errors.Select(e => e with { Path = $"{FileOf(e.Path, layers)}: {e.Path}" })];

    /// <summary>The uppermost of the files that say most of the way to it.</summary>
    private static string FileOf(string path, IReadOnlyList<(string Name, JsonObject Value)> layers) =>
        layers.Select((layer, i) => (layer.Name, Depth: DepthOf(layer.Value, path), Place: i)).MaxBy(l => (l.Depth, l.Place)).Name;

    /// <summary>How much of the path is there. A name may itself have dots: the longest that is there counts.</summary>
    private static int DepthOf(JsonNode? node, string path)
    {
        if (node is not JsonObject map)
        {
            return 0;
        }

        var found = map.Select(m => m.Key)
            .Where(name =>
                path.StartsWith(name, StringComparison.Ordinal) && (path.Length == name.Length || path[name.Length] is '.' or '[')
            )
            .MaxBy(name => name.Length);
        return found is null ? 0 : found.Length + DepthOf(map[found], path[found.Length..].TrimStart('.'));
    }
}
