using System.Collections.Generic;
using System.Linq;

namespace Sluice.Boundary.Rules;

/// <summary>
/// Reads constraints in our own form (<c>forbiddenDependencies</c>, <c>pattern</c>) and in the form exported from architecture decision records
/// (<c>check.tag</c> of <c>Cargo</c> or <c>Grep</c>). Exported records say more than a check needs; what else they say is left alone.
/// </summary>
internal static class ConstraintReader
{
    private static readonly IReadOnlyDictionary<string, bool> Musts = new Dictionary<string, bool>
    {
        ["occur"] = false,
        ["notOccur"] = true,
    };

    /// <summary>The member <c>constraints</c> of a boundary file, in which every mistake is an error.</summary>
    public static IReadOnlyList<Constraint> ReadAll(MemberReader root) =>
        [
            .. root.Objects("constraints")
                .Select(reader =>
                {
                    var constraint = Read(reader, reader.File, decision: null, link: null);
                    if (!reader.Has("check"))
                    {
                        reader.Done();
                    }

                    return constraint;
                }),
        ];

    /// <param name="decision">The decision's id, where the constraint does not name another.</param>
    /// <param name="link">Where the decision can be read, likewise.</param>
    public static Constraint Read(MemberReader reader, string file, string? decision, string? link)
    {
        var id = reader.Required("id", "name the constraint, as findings shall name it");
        var severity = reader.Word("severity", Severity.Hard, RuleReader.Severities);
        var reason = reader.Text("reason") ?? reader.Text("claim") ?? reader.Text("rationale") ?? id;
        var constraint =
            reader.Object("check") is { } check ? Exported(check)
            : reader.Object("forbiddenDependencies") is { } forbidden ? Dependencies(forbidden)
            : reader.Has("pattern") ? Pattern(reader)
            : Nothing(reader);
        return constraint with
        {
            Id = id,
            Severity = severity,
            Decision = reader.Text("decision") ?? decision,
            Link = reader.Text("link") ?? link,
            Reason = reason,
            File = file,
            Line = reader.Line,
        };
    }

    private static ForbiddenDependencies Dependencies(MemberReader reader)
    {
        var read = new ForbiddenDependencies("", Severity.Hard, null, null, "")
        {
            Of = reader.Texts("of"),
            Except = reader.Texts("except"),
            Packages = Some(reader, "packages", "names no package; list those that must not be depended on"),
            Transitive = reader.Flag("transitive") ?? false,
        };
        reader.Done();
        return read;
    }

    private static PatternConstraint Pattern(MemberReader reader)
    {
        if (!reader.Has("must"))
        {
            reader.Wrong("must", "is missing; use occur or notOccur");
        }

        return Grep(reader, reader.Word("must", false, Musts));
    }

    private static PatternConstraint Grep(MemberReader reader, bool mustBeEmpty) =>
        new("", Severity.Hard, null, null, "")
        {
            Pattern = reader.Has("pattern")
                ? string.Concat(RuleReader.Expressions(reader, "pattern").Take(1))
                : reader.Required("pattern", "give a regular expression"),
            Paths = Some(reader, "paths", "names no path; list the folders or files in which to look"),
            MustBeEmpty = mustBeEmpty,
        };

    private static Constraint Exported(MemberReader check)
    {
        var tag = check.Text("tag");
        switch (tag?.ToUpperInvariant())
        {
            case "CARGO":
                return new ForbiddenDependencies("", Severity.Hard, null, null, "")
                {
                    Of = [check.Required("crate", "name the crate that must not depend on them")],
                    Packages = Some(check, "forbidden_deps", "names no crate; list those that must not be depended on"),
                };
            case "GREP":
                return Grep(check, check.Flag("must_be_empty") ?? false);
            default:
                check.Wrong("tag", $"'{tag}' cannot be checked here; known are Cargo and Grep");
                return Uncheckable();
        }
    }

    private static UncheckableConstraint Nothing(MemberReader reader)
    {
        reader.Wrong("", "says nothing to check; give forbiddenDependencies, or pattern, paths and must");
        return Uncheckable();
    }

    private static UncheckableConstraint Uncheckable() => new("", Severity.Hard, null, null, "");

    private static IReadOnlyList<string> Some(MemberReader reader, string name, string ifNone)
    {
        var texts = reader.Texts(name);
        if (texts.Count == 0)
        {
            reader.Wrong(name, ifNone);
        }

        return texts;
    }
}
