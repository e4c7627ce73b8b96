using Sluice.Boundary.Rules;

namespace Sluice.Boundary.Tests.Rules;

public sealed class BoundaryFileReaderTests
{
    [Fact]
    public void BadFile_HasManyMistakes_TellsAllOfThemWithLinePathAndCure()
    {
        using var repository = new TempRepository(
            (
                BoundaryFile.Name,
                """
                {
                  "alow": [],
                  "allow": [{ "paths": ["src"], "rules": ["opnai"] }, "src"],
                  "contexts": { "test": "loud", "tests": "hard" },
                  "rules": { "ours": { "reason": "r", "hosts": ["https://x.example"], "texts": ["("], "npm": { "package": ["a"] } } },
                  "constraints": [{ "id": "c" }, { "id": "d", "pattern": "x", "paths": [] }]
                }
                """
            )
        );
        repository
            .Errors()
            .ShouldBe(
                [
                    "sluice.boundary.json:2: alow: 'alow' is not known here; use allow, constraints, contexts, decisions, exclude, rules, without",
                    "sluice.boundary.json:3: allow[0].because: is missing; say why calls are allowed here",
                    "sluice.boundary.json:3: allow[0].rules: no rule is called 'opnai'; `sluice check --rules` lists them",
                    "sluice.boundary.json:3: allow[1]: must be an object, written { … }",
                    "sluice.boundary.json:3: allow[1].because: is missing; say why calls are allowed here",
                    "sluice.boundary.json:3: allow[1].paths: is missing; name the folders or files in which calls are allowed, src/layer/** for one",
                    "sluice.boundary.json:4: contexts.test: 'loud' is not known; use hard, soft",
                    "sluice.boundary.json:4: contexts.tests: 'tests' is not known here; use docs, example, generated, test, vendored",
                    "sluice.boundary.json:5: rules.ours.hosts: 'https://x.example' must be a host without scheme: api.example.com, *.example.com, example.com/api or *:9000",
                    "sluice.boundary.json:5: rules.ours.instead: is missing; say what to use instead",
                    "sluice.boundary.json:5: rules.ours.npm.package: 'package' is not known here; use methods, modules, packages, types",
                    "sluice.boundary.json:5: rules.ours.texts: '(' is not a regular expression: Invalid pattern '(' at offset 1. Not enough )'s.",
                    "sluice.boundary.json:5: rules.ours.words: is missing; texts are looked for only in files that have one of these words",
                    "sluice.boundary.json:6: constraints[0]: says nothing to check; give forbiddenDependencies, or pattern, paths and must",
                    "sluice.boundary.json:6: constraints[1].must: is missing; use occur or notOccur",
                    "sluice.boundary.json:6: constraints[1].paths: names no path; list the folders or files in which to look",
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public void BadFile_IsNotJson_SaysWhereAndWhatWasExpected()
    {
        using var repository = new TempRepository((BoundaryFile.Name, "{\n  \"allow\": [\n}\n"));
        repository.Errors().ShouldBe(["sluice.boundary.json:3: not JSON: line 3: expected a value"]);
    }

    [Fact]
    public void File_HasCommentsAndTrailingCommas_IsRead()
    {
        using var repository = new TempRepository((BoundaryFile.Name, "// why\n{ \"exclude\": [\"a\",], /* more */ }\n"));
        repository.Check().Findings.ShouldBeEmpty();
    }
}
