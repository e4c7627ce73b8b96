using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Boundary.Files;

/// <summary>The patterns of one <c>.gitignore</c>, as git reads them: the last that matches decides. Source: gitignore(5).</summary>
internal sealed class GitIgnore
{
    private readonly List<(Regex Pattern, bool Negated, bool FoldersOnly)> rules = [];
    private readonly string folder;

    /// <param name="folder">Where the file lies, relative to the repository: empty, or with a slash at its end.</param>
    public GitIgnore(string folder, IEnumerable<string> lines)
    {
        this.folder = folder;
        foreach (var line in lines)
        {
            Add(line.EndsWith("\\ ", StringComparison.Ordinal) ? line : line.TrimEnd());
        }
    }

    /// <summary>Null where no pattern says anything.</summary>
    public bool? Ignores(string path, bool isFolder)
    {
        if (!path.StartsWith(folder, StringComparison.Ordinal))
        {
            return null;
        }

        var relative = path[folder.Length..];
        for (var i = rules.Count - 1; i >= 0; i--)
        {
            var (pattern, negated, foldersOnly) = rules[i];
            if ((isFolder || !foldersOnly) && pattern.IsMatch(relative))
            {
                return !negated;
            }
        }

        return null;
    }

    private void Add(string line)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        var negated = line[0] == '!';
        var pattern = negated ? line[1..] : line;
        var foldersOnly = pattern.EndsWith('/');
        pattern = pattern.TrimEnd('/');
        if (pattern.Length == 0)
        {
            return;
        }

        var anchored = pattern.Contains('/');
        var regex = $"^{(anchored ? "" : "(.*/)?")}{Translate(pattern.TrimStart('/'))}$";
        try
        {
            rules.Add((new Regex(regex, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), negated, foldersOnly));
        }
        catch (ArgumentException)
        {
            // git ignores what it cannot read, too.
        }
    }

    private static string Translate(string pattern)
    {
        var built = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*')
            {
                var slash = i + 2 < pattern.Length && pattern[i + 2] == '/';
                built.Append(slash ? "(.*/)?" : ".*");
                i += slash ? 2 : 1;
            }
            else if (c == '[' && pattern.IndexOf(']', i + 2 < pattern.Length ? i + 2 : i) is > 0 and var end)
            {
                var set = pattern[(i + 1)..end];
                built.Append('[').Append(set[0] is '!' or '^' ? "^" + Escaped(set[1..]) : Escaped(set)).Append(']');
                i = end;
            }
            else
            {
                built.Append(
                    c switch
                    {
                        '*' => "[^/]*",
                        '?' => "[^/]",
                        '\\' when i + 1 < pattern.Length => Regex.Escape(pattern[++i].ToString()),
                        _ => Regex.Escape(c.ToString()),
                    }
                );
            }
        }

        return built.ToString();
    }

    private static string Escaped(string set) =>
        set.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);
}
