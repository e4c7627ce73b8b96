using System.Linq;
using System.Text.RegularExpressions;

namespace Sluice.Boundary.Rules;

/// <summary>A host as it may stand in a text: whole, not as a part of a longer name. <c>*</c> stands for anything without a slash, holes of a template included.</summary>
internal sealed class HostPattern
{
    private readonly string fragment;
    private readonly Regex? regex;

    public HostPattern(string host, Rule rule)
    {
        Host = host;
        Rule = rule;
        fragment = host.Split('*').OrderByDescending(p => p.Length).First();
        if (host.IndexOf('*') >= 0)
        {
            var middle = string.Join("[^/\\s\"'@]*?", host.Split('*').Select(Regex.Escape));
            regex = new Regex(
                $"(?<![A-Za-z0-9_.-]){middle}(?![A-Za-z0-9_-]|\\.[A-Za-z])",
                RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
                TimeSpan.FromSeconds(1)
            );
        }
    }

    public string Host { get; }

    public Rule Rule { get; }

    /// <summary>What must be in a text for the host to be in it.</summary>
    public string Fragment => fragment;

    public bool IsIn(string text)
    {
        for (var at = Next(text, 0); at >= 0; at = Next(text, at + 1))
        {
            if (regex is not null)
            {
                return regex.IsMatch(text);
            }

            if (Begins(text, at) && Ends(text, at + fragment.Length))
            {
                return true;
            }
        }

        return false;
    }

    private int Next(string text, int from) => from > text.Length ? -1 : text.IndexOf(fragment, from, StringComparison.OrdinalIgnoreCase);

    private static bool Begins(string text, int at) => at == 0 || !(IsName(text[at - 1]) || text[at - 1] == '.');

    private static bool Ends(string text, int end) =>
        end >= text.Length || !(IsName(text[end]) || (text[end] == '.' && end + 1 < text.Length && IsName(text[end + 1])));

    private static bool IsName(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_';
}
