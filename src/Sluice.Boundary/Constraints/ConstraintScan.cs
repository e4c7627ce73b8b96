using System.Text.RegularExpressions;
using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Constraints;

/// <summary>Holds a repository against the constraints of its decisions.</summary>
internal sealed class ConstraintScan(RepositoryModel model, IReadOnlyList<RepositoryFile> files, ICollection<Problem> problems)
{
    public (IReadOnlyList<Finding> Findings, IReadOnlyList<ConstraintOutcome> Outcomes) Run(IReadOnlyList<Constraint> constraints)
    {
        var findings = new List<Finding>();
        var outcomes = new List<ConstraintOutcome>();
        foreach (var constraint in constraints)
        {
            var before = findings.Count;
            var cannot = constraint switch
            {
                ForbiddenDependencies forbidden => Dependencies(forbidden, findings),
                PatternConstraint pattern => Pattern(pattern, findings),
                UncheckableConstraint uncheckable => uncheckable.Why,
                _ => throw new ArgumentException($"{constraint.GetType().Name} has no check", nameof(constraints)),
            };
            var violated = findings.Count - before;
            outcomes.Add(
                cannot is not null ? new ConstraintOutcome(constraint, ConstraintState.CannotRun, cannot)
                : violated > 0 ? new ConstraintOutcome(constraint, ConstraintState.Violated, $"{violated} found")
                : new ConstraintOutcome(constraint, ConstraintState.Holds, "")
            );
        }

        return (findings, outcomes);
    }

    private string? Dependencies(ForbiddenDependencies constraint, List<Finding> findings)
    {
        var units = model.Units.Where(u => constraint.Covers(u.Ecosystem, u.Name)).ToList();
        if (units.Count == 0)
        {
            return constraint.Of.Count > 0 ? $"no unit is called {string.Join(" or ", constraint.Of)}" : "there is no unit";
        }

        foreach (var unit in units)
        {
            foreach (var dependency in unit.Dependencies.Where(d => constraint.Forbids(unit.Ecosystem, d.Name)))
            {
                findings.Add(
                    Found(
                        constraint,
                        dependency.File ?? unit.Manifest,
                        dependency.Line,
                        FindingKind.ForbiddenDependency,
                        dependency.Name
                    ) with
                    {
                        Unit = unit.Name,
                    }
                );
            }

            if (constraint.Transitive)
            {
                Transitive(constraint, unit, findings);
            }
        }

        return null;
    }

    private void Transitive(ForbiddenDependencies constraint, Unit unit, List<Finding> findings)
    {
        foreach (
            var file in model.LockFiles.Where(l =>
                l.Ecosystem == unit.Ecosystem && unit.Manifest.StartsWith(FolderOf(l.Path), StringComparison.Ordinal)
            )
        )
        {
            var roots = file.Packages.Values.Where(p => p.IsLocal && p.Name == unit.Name).Select(p => p.Key).ToList();
            var own = file with { Roots = roots.Count > 0 ? roots : file.Roots };
            foreach (var package in file.Packages.Values.Where(p => constraint.Forbids(file.Ecosystem, p.Name)))
            {
                if (own.Chain(package.Key) is { Count: > 2 } chain)
                {
                    findings.Add(
                        Found(constraint, file.Path, package.Line, FindingKind.ForbiddenDependency, package.Name) with
                        {
                            Unit = unit.Name,
                            Chain = chain,
                        }
                    );
                }
            }
        }
    }

    private string? Pattern(PatternConstraint constraint, List<Finding> findings)
    {
        var globs = new GlobSet(constraint.Paths);
        var regex = new Regex(constraint.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        var looked = 0;
        var occurs = false;
        foreach (var file in files.Where(f => globs.Matches(f.Path)))
        {
            var text = TextReading.Read(file, out var problem);
            if (text is null)
            {
                problems.Add(problem!);
                continue;
            }

            looked++;
            var number = 0;
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                number++;
                if (!regex.IsMatch(line))
                {
                    continue;
                }

                occurs = true;
                if (constraint.MustBeEmpty)
                {
                    findings.Add(
                        Found(constraint, file.Path, number, FindingKind.Pattern, constraint.Pattern) with
                        {
                            Unit = model.UnitOf(file.Path, "")?.Name ?? "",
                        }
                    );
                }
            }
        }

        if (looked == 0)
        {
            return $"no file lies under {string.Join(", ", constraint.Paths)}";
        }

        if (!occurs && !constraint.MustBeEmpty)
        {
            findings.Add(Found(constraint, constraint.File, constraint.Line, FindingKind.Pattern, constraint.Pattern));
        }

        return null;
    }

    private static Finding Found(Constraint constraint, string file, int line, string kind, string what) =>
        new(file, line, constraint.Id, kind, what, FileContext.Source, constraint.Severity, constraint.Advice);

    private static string FolderOf(string path) => path[..(path.LastIndexOf('/') + 1)];
}
