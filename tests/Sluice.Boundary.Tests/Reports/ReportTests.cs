using System.Text;
using System.Text.Json;
using Sluice.Boundary.Baselines;
using Sluice.Boundary.Reports;

namespace Sluice.Boundary.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    private readonly TempRepository repository = new(
        ("package.json", """{ "name": "shop", "dependencies": { "openai": "4", "agent": "1" } }"""),
        ("src/my file.ts", "import OpenAI from \"openai\";\n"),
        ("tests/a.ts", "import \"groq-sdk\";\n"),
        ("bad/package.json", "{"),
        ("src/a.rs", "unsafe\n"),
        (
            "sluice.boundary.json",
            """{ "constraints": [{ "id": "safe", "decision": "ADR-1", "pattern": "unsafe", "paths": "src", "must": "notOccur", "reason": "it is, 100%" }] }"""
        )
    );

    public void Dispose() => repository.Dispose();

    [Fact]
    public void Json_HoldsEveryFindingWithItsMembers()
    {
        using var json = Json(s => JsonReport.Write(s, [repository.Check()]));
        var findings = json.RootElement.GetProperty("findings").EnumerateArray().ToList();
        findings.Count.ShouldBe(4);
        var first = findings[0];
        first.GetProperty("file").GetString().ShouldBe("package.json");
        first.GetProperty("line").GetInt32().ShouldBe(1);
        first.GetProperty("rule").GetString().ShouldBe("openai");
        first.GetProperty("kind").GetString().ShouldBe("package");
        first.GetProperty("what").GetString().ShouldBe("openai");
        first.GetProperty("context").GetString().ShouldBe("source");
        first.GetProperty("severity").GetString().ShouldBe("hard");
        first.GetProperty("advice").GetString().ShouldNotBeNullOrEmpty();
        findings[^1].GetProperty("context").GetString().ShouldBe("test");
        json.RootElement.GetProperty("summary").GetProperty("violations").GetInt32().ShouldBe(3);
        json.RootElement.GetProperty("notChecked")[0].GetProperty("file").GetString().ShouldBe("bad/package.json");
        json.RootElement.GetProperty("decisions")[0].GetProperty("state").GetString().ShouldBe("violated");
    }

    /// <summary>What the standard requires of each object: sections 3.13, 3.14, 3.18, 3.19, 3.20, 3.27, 3.28, 3.29, 3.30, 3.58.</summary>
    [Fact]
    public void Sarif_HasTheRequiredShape()
    {
        var checkedOnce = repository.Check();
        var known = Baseline.Of(checkedOnce.Findings.Take(1));
        using var json = Json(s => SarifReport.Write(s, [checkedOnce.Against(known)], "1.2.3"));
        var root = json.RootElement;
        root.GetProperty("version").GetString().ShouldBe("2.1.0");
        Uri.IsWellFormedUriString(root.GetProperty("$schema").GetString(), UriKind.Absolute).ShouldBeTrue();
        var run = root.GetProperty("runs").EnumerateArray().ShouldHaveSingleItem();
        var driver = run.GetProperty("tool").GetProperty("driver");
        driver.GetProperty("name").GetString().ShouldBe("sluice");
        driver.GetProperty("semanticVersion").GetString().ShouldBe("1.2.3");
        var rules = driver.GetProperty("rules").EnumerateArray().ToList();
        rules.Select(r => r.GetProperty("id").GetString()).ShouldBeUnique();
        rules.ShouldAllBe(r => r.GetProperty("shortDescription").GetProperty("text").GetString()!.Length > 0);
        var bases = run.GetProperty("originalUriBaseIds");
        bases.GetProperty("SRCROOT").GetProperty("uri").GetString()!.ShouldEndWith("/");
        run.GetProperty("invocations")[0].GetProperty("executionSuccessful").GetBoolean().ShouldBeFalse();
        var results = run.GetProperty("results").EnumerateArray().ToList();
        results.Count.ShouldBe(4);
        var prints = new HashSet<string>();
        foreach (var result in results)
        {
            rules[result.GetProperty("ruleIndex").GetInt32()]
                .GetProperty("id")
                .GetString()
                .ShouldBe(result.GetProperty("ruleId").GetString());
            new[] { "error", "warning", "note", "none" }.ShouldContain(result.GetProperty("level").GetString());
            result.GetProperty("message").GetProperty("text").GetString().ShouldNotBeNullOrEmpty();
            var location = result.GetProperty("locations")[0].GetProperty("physicalLocation");
            var file = location.GetProperty("artifactLocation");
            Uri.IsWellFormedUriString(file.GetProperty("uri").GetString(), UriKind.Relative).ShouldBeTrue();
            bases.TryGetProperty(file.GetProperty("uriBaseId").GetString()!, out _).ShouldBeTrue();
            location.GetProperty("region").GetProperty("startLine").GetInt32().ShouldBeGreaterThan(0);
            prints.Add(result.GetProperty("partialFingerprints").GetProperty("sluiceFinding/v1").GetString()!).ShouldBeTrue();
        }

        results.Count(r => r.TryGetProperty("suppressions", out _)).ShouldBe(1);
        results.Select(UriOf).ShouldContain("src/my%20file.ts");
    }

    [Fact]
    public void GitHub_IsALineForEachFinding_Escaped()
    {
        var lines = Lines(w => GitHubReport.Write(w, repository.Check(), "services/shop/"));
        lines.Count.ShouldBe(5);
        lines.ShouldContain(
            "::error file=services/shop/src/a.rs,line=1,title=sluice%3A safe::pattern unsafe (safe): it is, 100%25 (decision ADR-1)"
        );
        lines.ShouldContain(l => l.StartsWith("::notice file=services/shop/tests/a.ts,line=1,", StringComparison.Ordinal));
        lines.ShouldContain(l => l.StartsWith("::error file=services/shop/bad/package.json,", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_GroupsByUnit_WithTheWayOutOnce()
    {
        var text = string.Join('\n', Lines(w => TextReport.Write(w, [repository.Check()])));
        text.ShouldContain("shop\n  package.json:1: package openai (openai)\n");
        text.ShouldContain("  src/my file.ts:1: import openai (openai)\n");
        text.ShouldContain("shop (told, fails nothing)\n  tests/a.ts:1: import groq-sdk (groq) [test]\n");
        text.ShouldContain("decision ADR-1 safe: violated, 1 found\n");
        text.ShouldContain("not checked: bad/package.json:1: ");
        text.ShouldEndWith("3 violations, 1 told, 0 known, 0 allowed; 5 files, 1 units, 1 not checked");
    }

    [Fact]
    public void Text_OfSeveralRepositories_RollsThemUp()
    {
        using var other = new TempRepository(("a.ts", "import \"openai\";\n"));
        var lines = Lines(w => TextReport.Write(w, [repository.Check(), other.Check()]));
        lines.ShouldContain($"== {other.Root}");
        lines[^1].ShouldStartWith("4 violations, 1 told,");
    }

    private static string? UriOf(JsonElement result) =>
        result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString();

    private static JsonDocument Json(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static List<string> Lines(Action<TextWriter> write)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        write(writer);
        return [.. writer.ToString().TrimEnd('\n').Split('\n')];
    }
}
