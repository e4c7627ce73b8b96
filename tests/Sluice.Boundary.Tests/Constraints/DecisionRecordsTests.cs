namespace Sluice.Boundary.Tests.Constraints;

public sealed class DecisionRecordsTests
{
    private const string Record = """
        ---
        id: ADR-12
        status: accepted
        constraints:
          - id: agents-use-the-trait
            severity: hard
            pattern: LLMClient
            paths: [src/]
            must: occur
        ---
        # Agents use one client
        """;

    [Fact]
    public void Markdown_CarriesConstraints_TheyAreRun()
    {
        using var repository = new TempRepository(("docs/decisions/0012.md", Record), ("src/a.rs", "nothing\n"));
        var report = repository.Check();
        var outcome = report.Constraints.ShouldHaveSingleItem();
        (outcome.Constraint.Decision, outcome.Constraint.Id, outcome.State).ShouldBe(
            ("ADR-12", "agents-use-the-trait", ConstraintState.Violated)
        );
        var finding = report.Findings.ShouldHaveSingleItem();
        (finding.File, finding.Line).ShouldBe(("docs/decisions/0012.md", 5));
        finding.Advice.ShouldContain("docs/decisions/0012.md");
    }

    [Fact]
    public void Markdown_WhoseConstraintHolds_SaysSo()
    {
        using var repository = new TempRepository(("docs/adr/0012.md", Record), ("src/a.rs", "trait LLMClient {}\n"));
        var report = repository.Check();
        report.Findings.ShouldBeEmpty();
        report.Constraints.ShouldHaveSingleItem().State.ShouldBe(ConstraintState.Holds);
    }

    [Fact]
    public void Json_CarriesChecks_OneThatIsNotKnownCannotRun()
    {
        using var repository = new TempRepository(
            (
                "decisions/adr.json",
                """
                { "id": "adr-1", "title": "t", "constraints": [
                  { "id": "known", "severity": "Soft", "check": { "tag": "Grep", "pattern": "x", "paths": ["src"], "must_be_empty": true } },
                  { "id": "unknown", "severity": "Hard", "check": { "tag": "NuCmd", "cmd": "ls" } } ] }
                """
            ),
            ("src/a.rs", "y\n")
        );
        var report = repository.Check();
        report
            .Constraints.Select(c => (c.Constraint.Id, c.State))
            .ShouldBe([("known", ConstraintState.Holds), ("unknown", ConstraintState.CannotRun)]);
        report.Constraints[1].Why.ShouldBe("constraints[1].check.tag: 'NuCmd' cannot be checked here; known are Cargo and Grep");
        report.IsIncomplete.ShouldBeTrue();
    }

    [Fact]
    public void Record_IsBroken_IsReportedAndNotClean()
    {
        using var repository = new TempRepository(("decisions/adr.json", "{ \"id\": "), ("docs/adr/a.md", "---\na: [\n---\n"));
        var report = repository.Check();
        report.Problems.Select(p => p.File).ShouldBe(["decisions/adr.json", "docs/adr/a.md"], ignoreOrder: true);
        report.IsIncomplete.ShouldBeTrue();
    }

    [Fact]
    public void Decisions_NamedInTheBoundaryFile_AreTakenFromThere()
    {
        using var repository = new TempRepository(
            ("why/12.md", Record),
            ("docs/adr/12.md", Record),
            ("src/a.rs", "trait LLMClient {}\n"),
            ("sluice.boundary.json", """{ "decisions": ["why/*.md"] }""")
        );
        repository.Check().Constraints.ShouldHaveSingleItem().Constraint.File.ShouldBe("why/12.md");
    }

    [Fact]
    public void Markdown_HasNoFrontMatter_IsNoConcernOfOurs()
    {
        using var repository = new TempRepository(("docs/decisions/a.md", "# Title\n---\nconstraints: [1]\n---\n"));
        var report = repository.Check();
        report.Constraints.ShouldBeEmpty();
        report.Problems.ShouldBeEmpty();
    }
}
