using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Constraints;

/// <summary>
/// Gathers constraints from decision records: the front matter of Markdown files, and JSON. A record that holds none is not for us; one whose constraints cannot
/// be understood says so where its outcome would stand.
/// </summary>
internal sealed class DecisionRecords(IReadOnlyList<RepositoryFile> files, ICollection<Problem> problems)
{
    private const string Fence = "---";
    private const string Member = "constraints";

    /// <summary>Where decisions usually lie; a boundary file may name other places.</summary>
    private static readonly string[] Usual =
    [
        "{docs,doc,documentation}/{decisions,adr,adrs}/**",
        "{decisions,adr,adrs}/**",
        "docs/architecture/{decisions,adr}/**",
    ];

    public IReadOnlyList<Constraint> Gather(IReadOnlyList<string> globs)
    {
        var wanted = new GlobSet(globs.Count > 0 ? globs : Usual);
        var constraints = new List<Constraint>();
        foreach (var file in files.Where(f => IsRecord(f.Path) && wanted.Matches(f.Path)))
        {
            var text = TextReading.Read(file, out var problem);
            if (text is null)
            {
                problems.Add(problem! with { Fatal = true });
            }
            else
            {
                constraints.AddRange(Read(file.Path, text));
            }
        }

        return constraints;
    }

    private IEnumerable<Constraint> Read(string path, string text)
    {
        JsonTree? tree;
        try
        {
            tree = path.EndsWith(".md", StringComparison.OrdinalIgnoreCase) ? FrontMatter(text) : JsonTree.Parse(text);
        }
        catch (JsonTextException exception)
        {
            problems.Add(new Problem(path, exception.Line, $"not a decision record that can be read: {exception.Message}", Fatal: true));
            return [];
        }

        return (
            tree?.Kind == JsonKind.Array ? tree.Items
            : tree is null ? []
            : [tree]
        ).SelectMany(record => Record(path, record));
    }

    /// <summary>A record with <c>constraints</c>, or one that is itself a constraint with a <c>check</c>.</summary>
    private static IEnumerable<Constraint> Record(string path, JsonTree record)
    {
        var id = record["id"]?.Text ?? Path.GetFileNameWithoutExtension(path);
        var constraints =
            record[Member] is { Kind: JsonKind.Array } listed ? listed.Items
            : record["check"] is not null ? [record]
            : [];
        for (var i = 0; i < constraints.Count; i++)
        {
            var errors = new List<BoundaryError>();
            var reader = new MemberReader(constraints[i], $"{Member}[{i}]", path, errors);
            var constraint = ConstraintReader.Read(reader, path, id, record["link"]?.Text ?? path);
            yield return errors.Count == 0
                ? constraint
                : new UncheckableConstraint(
                    constraint.Id.Length > 0 ? constraint.Id : $"{id}[{i}]",
                    constraint.Severity,
                    constraint.Decision,
                    constraint.Link,
                    constraint.Reason
                )
                {
                    File = path,
                    Line = constraint.Line,
                    Why = string.Join("; ", errors.Select(e => $"{e.Path}: {e.Message}")),
                };
        }
    }

    /// <summary>The YAML between two lines of three dashes at a file's beginning, its lines counted as in the file.</summary>
    private static JsonTree? FrontMatter(string text)
    {
        var body = text.TrimStart('\uFEFF').ReplaceLineEndings("\n");
        if (!body.StartsWith(Fence + "\n", StringComparison.Ordinal))
        {
            return null;
        }

        var end = body.IndexOf("\n" + Fence, Fence.Length, StringComparison.Ordinal);
        // The first fence becomes an empty line, so that lines keep their numbers.
        return end < 0 ? null : YamlTree.Parse("\n" + body[(Fence.Length + 1)..(end + 1)]);
    }

    private static bool IsRecord(string path) =>
        path.EndsWith(".md", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
}
