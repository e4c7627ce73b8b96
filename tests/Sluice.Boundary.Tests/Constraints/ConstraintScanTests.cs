using Sluice.Boundary.Rules;

namespace Sluice.Boundary.Tests.Constraints;

public sealed class ConstraintScanTests
{
    private const string Package = """{ "name": "backend", "dependencies": { "left-pad": "1.0.0" } }""";

    [Fact]
    public void ForbiddenDependency_OfThatUnit_IsFoundWithDecisionAndLink()
    {
        using var repository = new TempRepository(
            ("backend/package.json", Package),
            (
                BoundaryFile.Name,
                """
                { "constraints": [{ "id": "no-pad", "decision": "ADR-7", "link": "docs/adr/7.md", "reason": "pads by itself",
                  "forbiddenDependencies": { "of": ["backend"], "packages": ["left-*"] } }] }
                """
            )
        );
        var report = repository.Check();
        var finding = report.Findings.ShouldHaveSingleItem();
        (finding.File, finding.Line, finding.Rule, finding.Kind, finding.What).ShouldBe(
            ("backend/package.json", 1, "no-pad", "forbidden-dependency", "left-pad")
        );
        finding.Advice.ShouldBe("pads by itself (decision ADR-7, docs/adr/7.md)");
        report.Constraints.ShouldHaveSingleItem().State.ShouldBe(ConstraintState.Violated);
    }

    [Theory]
    [InlineData("""{ "packages": ["left-pad"] }""", ConstraintState.Violated)]
    [InlineData("""{ "packages": ["left-pad"], "except": ["backend"] }""", ConstraintState.Holds)]
    [InlineData("""{ "packages": ["right-pad"] }""", ConstraintState.Holds)]
    [InlineData("""{ "of": ["frontend"], "packages": ["left-pad"] }""", ConstraintState.Holds)]
    [InlineData("""{ "of": ["nobody"], "packages": ["left-pad"] }""", ConstraintState.CannotRun)]
    internal void ForbiddenDependencies_AreOfUnits_AsTheySay(string forbidden, ConstraintState expected)
    {
        using var repository = new TempRepository(
            ("backend/package.json", Package),
            ("frontend/package.json", """{ "name": "frontend" }"""),
            (BoundaryFile.Name, $$"""{ "constraints": [{ "id": "c", "forbiddenDependencies": {{forbidden}} }] }""")
        );
        repository.Check().Constraints.ShouldHaveSingleItem().State.ShouldBe(expected);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void ForbiddenDependency_BroughtInByAnother_IsFoundWhereAskedFor(bool transitive, int expected)
    {
        using var repository = new TempRepository(
            ("package.json", """{ "name": "app", "dependencies": { "nice": "1" } }"""),
            (
                "package-lock.json",
                """
                { "lockfileVersion": 3, "packages": {
                  "": { "name": "app", "dependencies": { "nice": "1" } },
                  "node_modules/nice": { "version": "1", "dependencies": { "left-pad": "1" } },
                  "node_modules/left-pad": { "version": "1" } } }
                """
            ),
            (
                BoundaryFile.Name,
                $$"""
                { "constraints": [{ "id": "c", "forbiddenDependencies": { "of": "app", "packages": ["left-pad"], "transitive": {{(
                    transitive ? "true" : "false"
                )}} } }] }
                """
            )
        );
        var findings = repository.Check().Findings;
        findings.Count.ShouldBe(expected);
        findings.Select(f => string.Join(" > ", f.Chain)).ShouldAllBe(c => c == "app > nice > left-pad");
    }

    [Theory]
    [InlineData("occur", "LLMClient", ConstraintState.Holds)]
    [InlineData("occur", "LLMServer", ConstraintState.Violated)]
    [InlineData("notOccur", "LLMClient", ConstraintState.Violated)]
    [InlineData("notOccur", "^LLM", ConstraintState.Holds)]
    internal void Pattern_MustOrMustNotOccur_IsLookedForUnderItsPaths(string must, string pattern, ConstraintState expected)
    {
        using var repository = new TempRepository(
            ("crates/agents/src/lib.rs", "\nuse LLMClient;\n"),
            ("crates/other/src/lib.rs", "LLMServer\n"),
            (
                BoundaryFile.Name,
                $$"""{ "constraints": [{ "id": "c", "pattern": "{{pattern}}", "paths": ["crates/agents/src/"], "must": "{{must}}" }] }"""
            )
        );
        var report = repository.Check();
        report.Constraints.ShouldHaveSingleItem().State.ShouldBe(expected);
        report.IsIncomplete.ShouldBeFalse();
        report
            .Findings.Select(f => $"{f.File}:{f.Line}")
            .ShouldBe(
                expected == ConstraintState.Holds ? []
                : must == "occur" ? ["sluice.boundary.json:1"]
                : ["crates/agents/src/lib.rs:2"]
            );
    }

    [Fact]
    public void Pattern_HasNoFileToLookIn_CannotRunAndIsNotClean()
    {
        using var repository = new TempRepository(
            (BoundaryFile.Name, """{ "constraints": [{ "id": "c", "pattern": "x", "paths": ["nowhere/"], "must": "notOccur" }] }""")
        );
        var report = repository.Check();
        report.Constraints.ShouldHaveSingleItem().Why.ShouldBe("no file lies under nowhere/");
        report.IsIncomplete.ShouldBeTrue();
    }

    [Fact]
    public void ExportedRecords_AreReadAsTheyAre()
    {
        using var repository = new TempRepository(
            ("backend/package.json", Package),
            ("src/a.rs", "unwrap()\n"),
            (
                BoundaryFile.Name,
                """
                { "constraints": [
                  { "id": "a", "claim": "nobody pads", "scope": "backend", "severity": "Hard", "rationale": "slow",
                    "check": { "tag": "Cargo", "crate": "backend", "forbidden_deps": ["left-pad"] } },
                  { "id": "b", "claim": "no unwrap", "severity": "Soft",
                    "check": { "tag": "Grep", "pattern": "unwrap\\(", "paths": ["src"], "must_be_empty": true } },
                  { "id": "c", "severity": "Hard", "check": { "tag": "Grep", "pattern": "unwrap", "paths": ["src"], "must_be_empty": false } }
                ] }
                """
            )
        );
        var report = repository.Check();
        report
            .Constraints.Select(c => (c.Constraint.Id, c.State, c.Constraint.Severity))
            .ShouldBe([
                ("a", ConstraintState.Violated, Severity.Hard),
                ("b", ConstraintState.Violated, Severity.Soft),
                ("c", ConstraintState.Holds, Severity.Hard),
            ]);
        report.Violations.ShouldBe(1);
        report.Findings[0].Advice.ShouldBe("nobody pads");
    }
}
