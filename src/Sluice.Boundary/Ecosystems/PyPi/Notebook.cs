using System.Text;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>The code of a Jupyter notebook. One that is broken is read line by line: nothing in it is passed over.</summary>
internal static class Notebook
{
    /// <param name="code">All cells of code, one below the other.</param>
    /// <returns>For each line of the code, the line of the file it stands at; at least one.</returns>
    public static IReadOnlyList<int> Code(string text, out string code)
    {
        if (Cells(text) is not { } cells)
        {
            code = string.Join('\n', text.Split('\n').Select(Unquoted));
            return [.. Enumerable.Range(1, text.AsSpan().Count('\n') + 1)];
        }

        var built = new StringBuilder();
        var lines = new List<int>();
        foreach (var cell in cells.Where(c => c["cell_type"]?.Text == "code"))
        {
            var source = cell["source"];
            foreach (
                var part in source?.Kind == JsonKind.Array ? source.Items
                : source is null ? []
                : [source]
            )
            {
                foreach (var line in part.Text.TrimEnd('\n').Split('\n'))
                {
                    // The shell's and the notebook's own commands are no Python.
                    built.Append(line.TrimStart().StartsWith('%') || line.TrimStart().StartsWith('!') ? "" : line).Append('\n');
                    lines.Add(part.Line);
                }
            }
        }

        lines.Add(lines.Count == 0 ? 1 : lines[^1]);
        code = built.ToString();
        return lines;
    }

    private static string Unquoted(string line)
    {
        var code = line.Trim().TrimEnd(',').Trim('"');
        return code.EndsWith("\\n", StringComparison.Ordinal) ? code[..^2] : code;
    }

    private static IReadOnlyList<JsonTree>? Cells(string text)
    {
        try
        {
            return JsonTree.Parse(text)["cells"]?.Items;
        }
        catch (JsonTextException)
        {
            return null;
        }
    }
}
