using Sluice.Testing;

namespace Sluice.Boundary.Tests;

/// <summary>The two constraints of an agent system, on a workspace that keeps them and on one that does not.</summary>
public sealed class SampleTests
{
    [Fact]
    public void Correct_HoldsBothDecisions()
    {
        var report = Check("correct");
        report.Findings.ShouldBeEmpty();
        report
            .Constraints.Select(c => (c.Constraint.Id, c.State))
            .ShouldBe([("no-direct-provider-calls", ConstraintState.Holds), ("llm-client-trait-boundary", ConstraintState.Holds)]);
        report.IsIncomplete.ShouldBeFalse();
    }

    [Fact]
    public void Broken_ViolatesBoth_AndTheShippedRules()
    {
        var report = Check("broken");
        report.Constraints.ShouldAllBe(c => c.State == ConstraintState.Violated);
        report
            .Findings.Select(f => $"{f.File}:{f.Line} {f.Rule} {f.What}")
            .ShouldBe([
                "crates/vapora-agents/src/lib.rs:1 anthropic async_anthropic::Client",
                "crates/vapora-backend/Cargo.toml:7 no-direct-provider-calls async-anthropic",
                "crates/vapora-backend/Cargo.toml:7 anthropic async-anthropic",
                "docs/decisions/0001-one-client.md:5 llm-client-trait-boundary LLMClient",
            ]);
    }

    private static CheckReport Check(string name) =>
        BoundaryCheck.Run(Repository.PathOf($"samples/Boundary/{name}"), ShippedRules.Read(), TestContext.Current.CancellationToken);
}
