using Sluice.Boundary.Files;

namespace Sluice.Boundary.Ecosystems.Go;

/// <summary>One module that go.mod asks for.</summary>
internal readonly record struct GoRequire(string Module, int Line, bool IsIndirect);

/// <summary>go.mod: directives, each alone on its line or many in brackets. Source: https://go.dev/ref/mod#go-mod-file</summary>
/// <param name="Local">Modules that are replaced by a folder.</param>
internal sealed record GoModule(string? Name, IReadOnlyList<GoRequire> Requires, IReadOnlySet<string> Local)
{
    /// <param name="isWorkspace">It is go.work, which is written alike and names no module.</param>
    public static GoModule Read(ManifestText file, ICollection<Problem> problems, bool isWorkspace = false)
    {
        string? name = null;
        var requires = new List<GoRequire>();
        var replaced = new Dictionary<string, string>(StringComparer.Ordinal);
        var block = "";
        var number = 0;
        foreach (var raw in file.Text.Split('\n'))
        {
            number++;
            var comment = raw.IndexOf("//", StringComparison.Ordinal);
            var words = Words(comment < 0 ? raw : raw[..comment]);
            if (words.Count == 0)
            {
                continue;
            }

            if (words[0] == ")")
            {
                block = "";
                continue;
            }

            var directive = block.Length > 0 ? block : words[0];
            var rest = block.Length > 0 ? words : words.GetRange(1, words.Count - 1);
            if (rest is ["(", ..])
            {
                block = directive;
                continue;
            }

            switch (directive)
            {
                case "module" when rest.Count > 0:
                    name = rest[0];
                    break;
                case "require" when rest.Count > 0:
                    requires.Add(
                        new GoRequire(
                            rest[0],
                            number,
                            comment >= 0 && raw[comment..].TrimStart('/', ' ', '\t').StartsWith("indirect", StringComparison.Ordinal)
                        )
                    );
                    break;
                case "replace" when rest.IndexOf("=>") is var arrow and > 0 && arrow + 1 < rest.Count:
                    replaced[rest[0]] = rest[arrow + 1];
                    break;
                case "require" or "replace" or "module" when rest.Count > 0:
                    problems.Add(new Problem(file.Path, number, $"'{directive}' cannot be read", Fatal: true));
                    break;
            }
        }

        if (name is null && !isWorkspace)
        {
            problems.Add(new Problem(file.Path, 1, "not a manifest that can be read: it names no module", Fatal: true));
        }

        var local = replaced.Where(r => IsFolder(r.Value)).Select(r => r.Key).ToHashSet(StringComparer.Ordinal);

        // A fork under another name is that other module.
        var named = requires.Select(r => replaced.TryGetValue(r.Module, out var other) && !IsFolder(other) ? r with { Module = other } : r);
        return new GoModule(name, [.. requires.Concat(named).Distinct()], local);
    }

    private static bool IsFolder(string path) => path.StartsWith('.') || path.StartsWith('/') || (path.Length > 1 && path[1] == ':');

    private static List<string> Words(string line) =>
        [
            .. line.Replace("(", " ( ", StringComparison.Ordinal)
                .Replace(")", " ) ", StringComparison.Ordinal)
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(w => w.Trim('"', '`')),
        ];
}
