using Sluice.Testing;

namespace Sluice.Boundary.Tests;

/// <summary>Sluice keeps its own boundary.</summary>
public sealed class SelfCheckTests
{
    [Fact]
    public void Sluice_IsChecked_NothingGoesAroundTheGate()
    {
        var report = BoundaryCheck.Run(Repository.Root, ShippedRules.Read(), TestContext.Current.CancellationToken);
        report
            .Findings.Where(f => f.Severity == Sluice.Boundary.Rules.Severity.Hard)
            .Select(f => $"{f.File}:{f.Line} {f.What}")
            .ShouldBeEmpty();
        report.Problems.Where(p => p.Fatal).ShouldBeEmpty();
        report.Files.ShouldBeGreaterThan(1_000);
    }
}
