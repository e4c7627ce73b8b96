using System.Text.RegularExpressions;

namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>setup.py and setup.cfg, as far as they say literally what they need.</summary>
internal static partial class SetupFiles
{
    private static readonly HashSet<string> Lists = ["install_requires", "extras_require", "tests_require", "setup_requires"];

    public static Unit ReadScript(ManifestText file, string folderName)
    {
        var tokens = PythonLexer.Read(file.Text);
        var name = Enumerable
            .Range(2, Math.Max(0, tokens.Count - 2))
            .Where(i => tokens[i].Kind == TokenKind.Text && tokens[i - 1].Is("=") && tokens[i - 2].Is("name"))
            .Select(i => tokens[i].Value)
            .FirstOrDefault();
        var unit = new Unit(name ?? folderName, Rules.Ecosystem.PyPi, file.Path) { HasOwnName = name is not null };
        for (var i = 0; i + 2 < tokens.Count; i++)
        {
            if (tokens[i].Kind == TokenKind.Word && IsList(tokens[i].Value) && tokens[i + 1].Is("="))
            {
                AddAll(unit, tokens, i + 2, Scope(tokens[i].Value));
            }
        }

        return unit;
    }

    public static Unit ReadConfiguration(ManifestText file, string folderName)
    {
        string? name = null;
        var section = "";
        var key = "";
        var found = new List<Dependency>();
        var number = 0;
        foreach (var raw in file.Text.Split('\n'))
        {
            number++;
            var line = raw.TrimStart('\uFEFF').TrimEnd();
            if (line.TrimStart() is { Length: 0 } or ['#' or ';', ..])
            {
                continue;
            }

            if (line[0] == '[')
            {
                (section, key) = (line.Trim('[', ']'), "");
                continue;
            }

            var value = line.Trim();
            if (!char.IsWhiteSpace(line[0]) && Member().Match(line) is { Success: true } member)
            {
                (key, value) = (member.Groups["key"].Value, member.Groups["value"].Value);
            }

            if (section == "metadata" && key == "name")
            {
                name ??= value;
            }

            var isList = (section == "options" && Lists.Contains(key)) || section == "options.extras_require";
            if (isList && Requirement.Read(value, number, Scope(key)) is { } dependency)
            {
                found.Add(dependency);
            }
        }

        var unit = new Unit(name ?? folderName, Rules.Ecosystem.PyPi, file.Path) { HasOwnName = name is not null };
        unit.Dependencies.AddRange(found);
        return unit;
    }

    /// <summary>Also of a list that is given a name of its own first: <c>INSTALL_REQUIRES = […]</c>, <c>requirements = […]</c>.</summary>
    private static bool IsList(string name) =>
        Lists.Contains(name)
        || name.Contains("requires", StringComparison.OrdinalIgnoreCase)
        || name.Contains("requirements", StringComparison.OrdinalIgnoreCase)
        || name.Contains("dependencies", StringComparison.OrdinalIgnoreCase);

    /// <summary>All texts of the brackets that begin here, keys of a dictionary left out.</summary>
    private static void AddAll(Unit unit, List<Token> tokens, int i, DependencyScope scope)
    {
        for (var depth = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            depth +=
                token.Kind != TokenKind.Symbol ? 0
                : token.Value is "[" or "{" or "(" ? 1
                : token.Value is "]" or "}" or ")" ? -1
                : 0;
            if (depth <= 0)
            {
                return;
            }

            var isKey = i + 1 < tokens.Count && tokens[i + 1].Is(":");
            if (token.Kind == TokenKind.Text && !isKey && Requirement.Read(token.Value, token.Line, scope) is { } dependency)
            {
                unit.Dependencies.Add(dependency);
            }
        }
    }

    private static DependencyScope Scope(string list) =>
        list is "tests_require" or "setup_requires" ? DependencyScope.Development : DependencyScope.Runtime;

    [GeneratedRegex(@"^(?<key>[\w.-]+)\s*[=:]\s*(?<value>.*)$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Member();
}
