using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Boundary.Text;

/// <summary>
/// A path pattern: <c>*</c> within a folder, <c>**</c> over folders, <c>?</c>, <c>{a,b}</c>. A pattern without wildcard names a file or a folder with
/// all that is below. Paths have forward slashes and are relative to the folder of the boundary file.
/// </summary>
internal sealed class Glob
{
    private readonly Regex regex;

    public Glob(string pattern)
    {
        Pattern = pattern;
        var trimmed = pattern.Replace('\\', '/');
        trimmed = trimmed.StartsWith("./", StringComparison.Ordinal) ? trimmed.Substring(2) : trimmed;
        var folder = trimmed.TrimEnd('/');
        var below = trimmed.IndexOfAny(['*', '?', '{']) < 0 || trimmed.EndsWith("/", StringComparison.Ordinal) ? "(/.*)?" : "";
        regex = new Regex(
            folder is "" or "." ? "^" : "^" + Translate(folder) + below + "$",
            RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1)
        );
    }

    public string Pattern { get; }

    public bool Matches(string path) => regex.IsMatch(path);

    private static string Translate(string pattern)
    {
        var built = new StringBuilder();
        var depth = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    var slash = i + 2 < pattern.Length && pattern[i + 2] == '/';
                    built.Append(slash ? "(.*/)?" : ".*");
                    i += slash ? 2 : 1;
                    break;
                case '*':
                    built.Append("[^/]*");
                    break;
                case '?':
                    built.Append("[^/]");
                    break;
                case '{':
                    depth++;
                    built.Append('(');
                    break;
                case '}' when depth > 0:
                    depth--;
                    built.Append(')');
                    break;
                case ',' when depth > 0:
                    built.Append('|');
                    break;
                case var c:
                    built.Append(Regex.Escape(c.ToString()));
                    break;
            }
        }

        return built.Append(')', depth).ToString();
    }
}

/// <summary>Any of several patterns.</summary>
internal sealed class GlobSet(IEnumerable<string> patterns)
{
    private readonly Glob[] globs = [.. patterns.Select(p => new Glob(p))];

    public bool Matches(string path)
    {
        foreach (var glob in globs)
        {
            if (glob.Matches(path))
            {
                return true;
            }
        }

        return false;
    }
}
