using System.Collections.Generic;
using System.Linq;

namespace Sluice.Boundary.Rules;

/// <summary>Rules by name, found by the name itself, by what it is a part of (<c>OpenAI.Chat</c> of <c>OpenAI</c>), or by how it begins (<c>@ai-sdk/*</c>).</summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, Rule> exact;
    private readonly List<(string Prefix, Rule Rule)> prefixes = [];
    private readonly StringComparison comparison;
    private readonly string separator;

    /// <param name="separator">Between the parts of a name; empty where a name has no parts.</param>
    public NameTable(IEnumerable<(string Name, Rule Rule)> names, string separator, StringComparer comparer)
    {
        this.separator = separator;
        exact = new Dictionary<string, Rule>(comparer);
        comparison = comparer.Equals("a", "A") ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (var (name, rule) in names)
        {
            if (name.EndsWith("*", StringComparison.Ordinal))
            {
                prefixes.Add((name.Substring(0, name.Length - 1), rule));
            }
            else
            {
                exact[name] = rule;
            }
        }
    }

    /// <summary>All names, those that stand for many without their star.</summary>
    public IEnumerable<string> Names => exact.Keys.Concat(prefixes.Select(p => p.Prefix));

    public Rule? Find(string name)
    {
        for (var part = name; part.Length > 0; )
        {
            if (exact.TryGetValue(part, out var rule))
            {
                return rule;
            }

            var end = separator.Length == 0 ? -1 : part.LastIndexOf(separator, StringComparison.Ordinal);
            part = end < 0 ? "" : part.Substring(0, end);
        }

        foreach (var (prefix, rule) in prefixes)
        {
            if (name.StartsWith(prefix, comparison))
            {
                return rule;
            }
        }

        return null;
    }
}
