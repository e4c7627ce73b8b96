using System.Collections.Concurrent;
using Sluice.Boundary.Constraints;
using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.Cargo;
using Sluice.Boundary.Ecosystems.Go;
using Sluice.Boundary.Ecosystems.Npm;
using Sluice.Boundary.Ecosystems.NuGet;
using Sluice.Boundary.Ecosystems.Plain;
using Sluice.Boundary.Ecosystems.PyPi;
using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary;

/// <summary>Checks one repository: its files, what its manifests say, its source, and the constraints of its decisions.</summary>
internal static class BoundaryCheck
{
    private static readonly IReadOnlyList<IEcosystem> Ecosystems =
    [
        new NuGetEcosystem(),
        new CargoEcosystem(),
        new NpmEcosystem(),
        new PyPiEcosystem(),
        new GoEcosystem(),
    ];

    // Whoever reads a path first has it; what is no language's own is plain text.
    private static readonly IReadOnlyList<ILanguage> Languages =
    [
        new CSharp(),
        new Rust(),
        new JavaScript(),
        new Python(),
        new GoSource(),
        new ConfigurationText(),
    ];

    /// <param name="root">The repository's folder.</param>
    /// <param name="shipped">The rules that come with Sluice.</param>
    /// <exception cref="BoundaryException">The boundary file is wrong.</exception>
    /// <exception cref="IOException">The folder is not there or cannot be read.</exception>
    public static CheckReport Run(string root, IReadOnlyList<Rule> shipped, CancellationToken cancellationToken = default)
    {
        root = Path.GetFullPath(root);
        var own = ReadOwn(root, shipped);
        var rules = new RuleBook([.. shipped.Where(r => !own.Without.Contains(r.Id)), .. own.Rules]);
        var problems = new ConcurrentQueue<Problem>();
        var noted = new List<Problem>();
        var files = new RepositoryFiles(root, own.Exclude, noted).Walk();
        var model = new RepositoryModel(files, Ecosystems, noted);
        var source = new SourceScan(model, rules, Languages);
        var found = source.Run(files, problems, cancellationToken).Concat(new DependencyScan(model, rules).Run());
        var constraints = new ConstraintScan(model, files, noted).Run([
            .. own.Constraints,
            .. new DecisionRecords(files, noted).Gather(own.Decisions),
        ]);
        var judged = found.Select(f => Judge(f, own)).Concat(constraints.Findings).ToList();
        var kept = judged.Where(f => !own.Allows(f.Rule, f.File)).ToList();
        return new CheckReport(
            root,
            [
                .. kept.OrderBy(f => f.File, StringComparer.Ordinal)
                    .ThenBy(f => f.Line)
                    .ThenBy(f => f.Kind, StringComparer.Ordinal)
                    .ThenBy(f => f.What, StringComparer.Ordinal),
            ],
            [.. noted, .. problems]
        )
        {
            Files = source.Files,
            Units = model.Units.Count,
            Allowed = judged.Count - kept.Count,
            Constraints = constraints.Outcomes,
        };
    }

    /// <summary>The repository's boundary file, or an empty one.</summary>
    /// <exception cref="BoundaryException">It is wrong.</exception>
    public static BoundaryFile ReadOwn(string root, IReadOnlyList<Rule> shipped)
    {
        var path = Path.Combine(root, BoundaryFile.Name);
        return File.Exists(path)
            ? BoundaryFileReader.Read(File.ReadAllText(path), BoundaryFile.Name, shipped.Select(r => r.Id))
            : BoundaryFile.Empty;
    }

    /// <summary>What is not the product's own code is told, and fails nothing unless the boundary file says so.</summary>
    private static Finding Judge(Finding finding, BoundaryFile own) =>
        finding.Context == FileContext.Source
            ? finding
            : finding with
            {
                Severity = own.Contexts.GetValueOrDefault(FileContexts.Name(finding.Context), Severity.Soft),
            };
}
