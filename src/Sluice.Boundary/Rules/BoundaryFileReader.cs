using System.Collections.Generic;
using System.Linq;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Rules;

/// <summary>Reads <c>sluice.boundary.json</c>.</summary>
internal static class BoundaryFileReader
{
    /// <summary>Contexts whose weight a project may set; the product's own code is always held to the rule's severity.</summary>
    public static readonly IReadOnlyList<string> Contexts = ["test", "docs", "example", "vendored", "generated"];

    /// <exception cref="BoundaryException">With every error of the file.</exception>
    public static BoundaryFile Read(string text, string file, IEnumerable<string> shippedRules)
    {
        var errors = new List<BoundaryError>();
        var root = RuleReader.Root(text, file, errors);
        var rules = RuleReader.Read(root, errors, file);
        HashSet<string> ids = [.. shippedRules, .. rules.Select(r => r.Id)];
        var read = new BoundaryFile
        {
            Rules = rules,
            Allow = [.. root.Objects("allow").Select(a => ReadAllowance(a, ids))],
            Without = Known(root, "without", ids),
            Exclude = new GlobSet(root.Texts("exclude")),
            Contexts = ReadContexts(root.Object("contexts")),
            Constraints = ConstraintReader.ReadAll(root),
            Decisions = root.Texts("decisions"),
        };
        root.Done();
        return errors.Count == 0 ? read : throw new BoundaryException(errors);
    }

    private static Allowance ReadAllowance(MemberReader reader, HashSet<string> ids)
    {
        if (!reader.Has("paths"))
        {
            reader.Wrong("paths", "is missing; name the folders or files in which calls are allowed, src/layer/** for one");
        }

        var allowance = new Allowance(
            reader.Texts("paths"),
            Known(reader, "rules", ids),
            reader.Required("because", "say why calls are allowed here")
        );
        reader.Done();
        return allowance;
    }

    private static IReadOnlyList<string> Known(MemberReader reader, string name, HashSet<string> ids)
    {
        var named = reader.Texts(name);
        foreach (var id in named.Where(id => !ids.Contains(id)))
        {
            reader.Wrong(name, $"no rule is called '{id}'; `sluice check --rules` lists them");
        }

        return named;
    }

    private static Dictionary<string, Severity> ReadContexts(MemberReader? reader)
    {
        var contexts = new Dictionary<string, Severity>();
        foreach (var context in Contexts)
        {
            contexts[context] = reader?.Word(context, Severity.Soft, RuleReader.Severities) ?? Severity.Soft;
        }

        reader?.Done();
        return contexts;
    }
}
