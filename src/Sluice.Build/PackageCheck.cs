using Sluice.Boundary.Rules;
using Sluice.Build.Assets;

namespace Sluice.Build;

/// <summary>Holds what a restore resolved against the rules and against the constraints on dependencies.</summary>
internal sealed class PackageCheck
{
    private readonly RuleBook rules;
    private readonly BoundaryFile boundary;
    private readonly CheckedProject project;

    public PackageCheck(IReadOnlyList<Rule> shipped, BoundaryFile boundary, CheckedProject project)
    {
        rules = new RuleBook([.. shipped.Where(r => !boundary.Without.Contains(r.Id)), .. boundary.Rules]);
        this.boundary = boundary;
        this.project = project;
    }

    /// <summary>A package that several runtimes bring is found once.</summary>
    public IReadOnlyList<PackageFinding> Run(IEnumerable<AssetsTarget> targets) =>
        boundary.Exclude.Matches(project.RelativePath)
            ? []
            :
            [
                .. targets
                    .OrderBy(t => t.Runtime.Length > 0)
                    .SelectMany(t => Packages(t).Concat(Constraints(t)))
                    .GroupBy(f => (f.Rule, f.Package.Name.ToUpperInvariant()))
                    .Select(g => g.First())
                    .OrderBy(f => f.Ways[0].Count)
                    .ThenBy(f => f.Package.Name, StringComparer.OrdinalIgnoreCase),
            ];

    private IEnumerable<PackageFinding> Packages(AssetsTarget target)
    {
        foreach (var library in target.Libraries.Values.Where(l => !l.IsProject))
        {
            if (rules.Package(Ecosystem.NuGet, library.Name) is { } rule && !boundary.Allows(rule.Id, project.RelativePath))
            {
                // A project that may hold a provider is not held against those that refer to it.
                var ways = target.Ways(library, l => l.IsProject && MayHold(rule.Id, project.RelativePathOf(l.ProjectPath)));
                if (ways.Count > 0)
                {
                    yield return new PackageFinding(rule.Id, library, ways, Weight(rule.Severity), rule.Instead, target.Runtime);
                }
            }
        }
    }

    private IEnumerable<PackageFinding> Constraints(AssetsTarget target)
    {
        foreach (var constraint in boundary.Constraints.OfType<ForbiddenDependencies>())
        {
            if (!constraint.Covers(Ecosystem.NuGet, project.Name) || boundary.Allows(constraint.Id, project.RelativePath))
            {
                continue;
            }

            foreach (var library in target.Libraries.Values.Where(l => constraint.Forbids(Ecosystem.NuGet, l.Name)))
            {
                var ways = target.Ways(library, _ => false);
                if (constraint.Transitive || ways[0].Count == 1)
                {
                    yield return new PackageFinding(constraint.Id, library, ways, constraint.Severity, constraint.Advice, target.Runtime);
                }
            }
        }
    }

    private bool MayHold(string rule, string path) => boundary.Allows(rule, path) || boundary.Exclude.Matches(path);

    /// <summary>What is not the product's own code is told, and fails nothing unless the boundary file says so.</summary>
    private Severity Weight(Severity own) =>
        project.Context == CheckedProject.Source ? own
        : boundary.Contexts.TryGetValue(project.Context, out var weight) ? weight
        : Severity.Soft;
}
