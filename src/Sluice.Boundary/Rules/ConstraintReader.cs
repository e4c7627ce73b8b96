using System.Collections.Generic;

namespace Sluice.Boundary.Rules;

/// <summary>
/// Reads constraints in our own form (<c>forbiddenDependencies</c>, <c>pattern</c>) and in the form exported from architecture decision records
/// (<c>check.tag</c> of <c>Cargo</c> or <c>Grep</c>).
/// </summary>
internal static class ConstraintReader
{
    /// <summary>The member <c>constraints</c> of a file.</summary>
    public static IReadOnlyList<Constraint> ReadAll(MemberReader root, string file, string? decision = null, string? link = null)
    {
        var constraints = new List<Constraint>();
        foreach (var reader in root.Objects("constraints"))
        {
            if (Read(reader, file, decision, link) is { } constraint)
            {
                constraints.Add(constraint);
            }

            reader.Done();
        }

        return constraints;
    }

    private static Constraint? Read(MemberReader reader, string file, string? decision, string? link)
    {
        var id = reader.Required("id", "name the constraint, as findings shall name it");
        var severity = reader.Word("severity", Severity.Hard, RuleReader.Severities);
        decision = reader.Text("decision") ?? decision;
        link = reader.Text("link") ?? link;
        var reason = reader.Text("reason") ?? reader.Text("claim") ?? reader.Text("rationale") ?? id;
        // Exported records say more than a check needs.
        foreach (var told in new[] { "claim", "rationale", "scope", "title" })
        {
            _ = reader.Text(told);
        }

        var check = reader.Object("check");
        var constraint =
            check is not null ? Exported(check)
            : reader.Object("forbiddenDependencies") is { } forbidden ? Dependencies(forbidden)
            : reader.Has("pattern") ? Pattern(reader)
            : null;
        check?.Done();
        if (constraint is null && check is null)
        {
            reader.Wrong("", "says nothing to check; give forbiddenDependencies, or pattern and paths");
        }

        return constraint is null
            ? null
            : constraint with
            {
                Id = id,
                Severity = severity,
                Decision = decision,
                Link = link,
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
            Packages = reader.Texts("packages"),
            Transitive = reader.Flag("transitive") ?? false,
        };
        if (read.Packages.Count == 0)
        {
            reader.Wrong("packages", "names no package; list those that must not be depended on");
        }

        reader.Done();
        return read;
    }

    private static PatternConstraint Pattern(MemberReader reader)
    {
        var must = reader.Word("must", false, new Dictionary<string, bool> { ["occur"] = false, ["notOccur"] = true });
        if (!reader.Has("must"))
        {
            reader.Wrong("must", "is missing; use occur or notOccur");
        }

        return Grep(reader, must);
    }

    private static PatternConstraint Grep(MemberReader reader, bool mustBeEmpty)
    {
        var read = new PatternConstraint("", Severity.Hard, null, null, "")
        {
            Pattern = RuleReader.Expressions(reader, "pattern") is [var pattern] ? pattern : "",
            Paths = reader.Texts("paths"),
            MustBeEmpty = mustBeEmpty,
        };
        if (read.Paths.Count == 0)
        {
            reader.Wrong("paths", "names no path; list the folders or files in which to look");
        }

        return read;
    }

    private static Constraint? Exported(MemberReader check)
    {
        switch (check.Text("tag")?.ToUpperInvariant())
        {
            case "CARGO":
                var read = new ForbiddenDependencies("", Severity.Hard, null, null, "")
                {
                    Of = [check.Required("crate", "name the crate that must not depend on them")],
                    Packages = check.Texts("forbidden_deps"),
                };
                if (read.Packages.Count == 0)
                {
                    check.Wrong("forbidden_deps", "names no crate; list those that must not be depended on");
                }

                return read;
            case "GREP":
                return Grep(check, check.Flag("must_be_empty") ?? false);
            case var tag:
                check.Wrong("tag", $"'{tag}' cannot be checked here; known are Cargo and Grep");
                return null;
        }
    }
}
