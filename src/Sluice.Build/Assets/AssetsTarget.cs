namespace Sluice.Build.Assets;

/// <summary>What was resolved for one framework, or for one framework on one runtime.</summary>
/// <param name="Framework">As the assets file names it: by alias, by short name or by moniker, whatever the SDK wrote.</param>
/// <param name="Runtime">Empty for all runtimes.</param>
/// <param name="Roots">Names of what the project itself asks for.</param>
internal sealed record AssetsTarget(
    string Framework,
    string Runtime,
    IReadOnlyList<string> Roots,
    IReadOnlyDictionary<string, AssetsLibrary> Libraries
)
{
    /// <summary>
    /// The shortest way to a library through each of the project's own dependencies, shortest first. What none of them leads to is
    /// resolved all the same, and is its own way.
    /// </summary>
    /// <param name="closed">Libraries that may hold it, so that ways through them do not count.</param>
    public IReadOnlyList<IReadOnlyList<AssetsLibrary>> Ways(AssetsLibrary to, Func<AssetsLibrary, bool> closed)
    {
        var ways = new List<IReadOnlyList<AssetsLibrary>>();
        var reached = false;
        foreach (var root in Roots)
        {
            if (Libraries.TryGetValue(root, out var library))
            {
                var way = Way(library, to, closed);
                reached |= way is not null || Way(library, to, _ => false) is not null;
                if (way is not null)
                {
                    ways.Add(way);
                }
            }
        }

        return reached
            ? [.. ways.OrderBy(w => w.Count)]
            :
            [
                [to],
            ];
    }

    private List<AssetsLibrary>? Way(AssetsLibrary from, AssetsLibrary to, Func<AssetsLibrary, bool> closed)
    {
        var cameFrom = new Dictionary<string, AssetsLibrary?>(StringComparer.OrdinalIgnoreCase) { [from.Name] = null };
        var queue = new Queue<AssetsLibrary>([from]);
        while (queue.Count > 0)
        {
            var library = queue.Dequeue();
            if (library == to)
            {
                return Back(library, cameFrom);
            }

            foreach (var name in closed(library) ? [] : library.Dependencies)
            {
                if (!cameFrom.ContainsKey(name) && Libraries.TryGetValue(name, out var next))
                {
                    cameFrom[name] = library;
                    queue.Enqueue(next);
                }
            }
        }

        return null;
    }

    private static List<AssetsLibrary> Back(AssetsLibrary? library, Dictionary<string, AssetsLibrary?> cameFrom)
    {
        var way = new List<AssetsLibrary>();
        for (; library is not null; library = cameFrom[library.Name])
        {
            way.Insert(0, library);
        }

        return way;
    }
}
