using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Calls;

namespace Sluice.Configuration;

/// <summary>Compiles <c>passThrough</c>: the prices of what has no codec, by path.</summary>
internal static class PassRulesCompiler
{
    private const string Member = "passThrough";

    public static PassRules Compile(Section section, ProviderAddress address, ReadContext context) =>
        section.Node(Member)?.GetValueKind() == JsonValueKind.False
            ? new PassRules { Allowed = false }
            : new PassRules
            {
                Rules = [.. section.Children(Member, Member).Select(c => Rule(c.Name, c.Value, address, context)).OfType<PassRule>()],
            };

    /// <summary><c>images/generations</c>, <c>POST files</c>, <c>files/*/content</c>, <c>*</c>.</summary>
    private static PassRule? Rule(string name, Section section, ProviderAddress address, ReadContext context)
    {
        var (method, path) = name.Split(' ', 2) is [var first, var second] ? (first, second) : (null, name);
        ImmutableArray<string> segments = [.. path.Trim('/').Split('/')];
        if (segments.Length > 1 && address.EndsWith(segments[0]))
        {
            segments = segments.RemoveAt(0);
        }

        if (
            segments.Any(s => s.Length == 0 || s.Contains(' ', StringComparison.Ordinal))
            || method?.Any(c => !char.IsAsciiLetterUpper(c)) == true
        )
        {
            context.Error(section.Path, $"'{name}' is not a path", "write \"images/generations\", \"POST files\", \"files/*\" or \"*\"");
            return null;
        }

        return new PassRule(method, segments, section.Money("price"), section.Flag("shared"));
    }
}
