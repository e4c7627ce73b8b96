using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary;

/// <summary>Holds what units depend on against the rules: what manifests ask for, and what lock files say comes with it.</summary>
internal sealed class DependencyScan(RepositoryModel model, RuleBook rules)
{
    /// <summary>What several units inherit from one line is found there once.</summary>
    public IEnumerable<Finding> Run() =>
        model
            .Units.SelectMany(Direct)
            .GroupBy(f => (f.File, f.Line, f.What))
            .Select(g => g.MaxBy(f => f.Context == FileContext.Source)!)
            .Concat(model.LockFiles.SelectMany(Transitive));

    private IEnumerable<Finding> Direct(Unit unit)
    {
        var context = FileContexts.Of(unit.Manifest);
        foreach (var dependency in unit.Dependencies.Where(d => !d.IsLocal && !model.IsOwnPackage(unit.Ecosystem, d.Name)))
        {
            if (rules.Package(unit.Ecosystem, dependency.Name) is { } rule)
            {
                var when = context == FileContext.Source && dependency.Scope == DependencyScope.Development ? FileContext.Test : context;
                yield return new Finding(
                    dependency.File ?? unit.Manifest,
                    dependency.Line,
                    rule.Id,
                    FindingKind.Package,
                    dependency.Name,
                    when,
                    rule.Severity,
                    rule.Instead
                )
                {
                    Unit = unit.Name,
                };
            }
        }
    }

    private IEnumerable<Finding> Transitive(LockFile file)
    {
        var direct = model
            .Units.Where(u => u.Ecosystem == file.Ecosystem)
            .SelectMany(u => u.Dependencies)
            .Select(d => RuleBook.Normalized(file.Ecosystem, d.Name))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var local = file.Packages.Values.Where(p => p.IsLocal).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var context = FileContexts.Of(file.Path);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var package in file.Packages.Values.Where(p => !p.IsLocal && !model.IsOwnPackage(file.Ecosystem, p.Name)))
        {
            if (
                rules.Package(file.Ecosystem, package.Name) is { } rule
                && !seen.Contains(package.Name)
                && file.Chain(package.Key) is { Count: > 0 } chain
                && !(direct.Contains(RuleBook.Normalized(file.Ecosystem, package.Name)) && (chain.Count == 1 || local.Contains(chain[^2])))
                && seen.Add(package.Name)
            )
            {
                yield return new Finding(
                    file.Path,
                    package.Line,
                    rule.Id,
                    FindingKind.TransitivePackage,
                    package.Name,
                    context,
                    rule.Severity,
                    rule.Instead
                )
                {
                    Unit = chain[0],
                    Chain = chain,
                };
            }
        }
    }
}
