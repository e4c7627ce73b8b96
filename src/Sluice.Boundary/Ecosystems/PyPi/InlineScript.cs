using System.Text;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>What a script asks for in a comment at its top. Source: https://packaging.python.org/en/latest/specifications/inline-script-metadata/</summary>
internal static class InlineScript
{
    private const string Begin = "# /// script";

    public static void Read(string text, ICollection<Mention> mentions)
    {
        var begin = text.StartsWith(Begin, StringComparison.Ordinal) ? 0 : text.IndexOf("\n" + Begin, StringComparison.Ordinal) + 1;
        if (begin == 0 && !text.StartsWith(Begin, StringComparison.Ordinal))
        {
            return;
        }

        var first = text.AsSpan(0, begin).Count('\n') + 2;
        var block = new StringBuilder();
        foreach (var line in text[begin..].Split('\n').Skip(1).Select(l => l.TrimEnd('\r')))
        {
            if (line == "# ///" || !line.StartsWith('#'))
            {
                break;
            }

            block.Append(line.AsSpan(line.StartsWith("# ", StringComparison.Ordinal) ? 2 : 1)).Append('\n');
        }

        foreach (var item in Dependencies(block.ToString()))
        {
            if (Requirement.Read(item.Text, item.Line, DependencyScope.Runtime) is { IsLocal: false } dependency)
            {
                mentions.Add(new Mention(MentionKind.Package, dependency.Name, first + item.Line - 1));
            }
        }
    }

    private static IReadOnlyList<JsonTree> Dependencies(string block)
    {
        try
        {
            return TomlTree.Parse(block)["dependencies"]?.Items ?? [];
        }
        catch (JsonTextException)
        {
            // Then no tool reads it either.
            return [];
        }
    }
}
