using Sluice.Boundary.Files;

namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>requirements.txt and its kin: a requirement to a line, with options among them.</summary>
internal static class RequirementsFile
{
    private static readonly string[] Development = ["dev", "test", "lint", "doc", "typing", "ci"];

    /// <summary>Files by which they are called: <c>requirements-dev.txt</c>, <c>dev-requirements.in</c>, <c>requirements/base.txt</c>.</summary>
    public static bool IsOne(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return (name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".in", StringComparison.OrdinalIgnoreCase))
            && (
                name.Contains("requirements", StringComparison.OrdinalIgnoreCase)
                || path.StartsWith("requirements/", StringComparison.OrdinalIgnoreCase)
                || path.Contains("/requirements/", StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <param name="known">Paths of all requirements files of the repository.</param>
    public static Unit Read(ManifestText file, string name, IReadOnlySet<string> known, ICollection<Problem> problems)
    {
        var unit = new Unit(name, Rules.Ecosystem.PyPi, file.Path) { HasOwnName = false };
        var words = file.Path[unit.Folder.Length..].Split('.', '-', '_', '/');
        var scope = words.Any(w => Development.Any(d => w.StartsWith(d, StringComparison.OrdinalIgnoreCase)))
            ? DependencyScope.Development
            : DependencyScope.Runtime;
        foreach (var (text, line) in Lines(file.Text))
        {
            if (Option(text, "-r", "--requirement") is { } included)
            {
                Include(unit, included, line, known, problems);
            }
            else if ((Option(text, "-e", "--editable") ?? text) is { } wanted && Requirement.Read(wanted, line, scope) is { } dependency)
            {
                unit.Dependencies.Add(dependency);
            }
        }

        return unit;
    }

    /// <summary>A file that is included is a unit by itself, where its name tells what it is.</summary>
    private static void Include(Unit unit, string path, int line, IReadOnlySet<string> known, ICollection<Problem> problems)
    {
        var isPath = !path.Contains("://", StringComparison.Ordinal) && !path.Contains('\0', StringComparison.Ordinal);
        if (!isPath || !known.Contains(Path.GetFullPath("/" + unit.Folder + path)[1..].Replace('\\', '/')))
        {
            problems.Add(new Problem(unit.Manifest, line, $"includes '{path}', which was not read as requirements", Fatal: true));
        }
    }

    private static string? Option(string text, string brief, string full)
    {
        foreach (var option in (ReadOnlySpan<string>)[full, brief])
        {
            if (text.StartsWith(option, StringComparison.Ordinal) && text.Length > option.Length)
            {
                var value = text[option.Length..].TrimStart(' ', '\t', '=');
                return value.Length > 0 && (option == brief || text[option.Length] is ' ' or '\t' or '=') ? value : null;
            }
        }

        return null;
    }

    /// <summary>Without comments; a backslash at its end joins a line with the next.</summary>
    private static IEnumerable<(string Text, int Line)> Lines(string text)
    {
        var joined = "";
        var first = 0;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            first = joined.Length == 0 ? number : first;
            var line = raw.TrimStart('\uFEFF').Trim();
            var comment =
                line.StartsWith('#') ? 0
                : line.IndexOf(" #", StringComparison.Ordinal) is var spaced and >= 0 ? spaced
                : line.IndexOf("\t#", StringComparison.Ordinal);
            line = comment < 0 ? line : line[..comment].Trim();
            if (line.EndsWith('\\') && joined.Length < 65_536)
            {
                joined += line[..^1] + " ";
                continue;
            }

            line = (joined + line).Trim();
            joined = "";
            if (line.Length > 0)
            {
                yield return (WithoutOptions(line), first);
            }
        }

        if (joined.Trim().Length > 0)
        {
            yield return (WithoutOptions(joined.Trim()), first);
        }
    }

    /// <summary>What stands behind a requirement: its hashes.</summary>
    private static string WithoutOptions(string line) =>
        line.IndexOf(" --", StringComparison.Ordinal) is var at and > 0 ? line[..at].Trim() : line;
}
