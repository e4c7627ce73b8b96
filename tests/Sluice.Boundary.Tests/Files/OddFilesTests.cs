using System.Text;
using Sluice.Boundary.Files;

namespace Sluice.Boundary.Tests.Files;

/// <summary>What a disk may hold besides source: told, never a crash, never passed over in silence.</summary>
public sealed class OddFilesTests
{
    private const string Call = "import OpenAI from \"openai\";\n";

    [Fact]
    public void Links_LeadInACircleNowhereAndOut_AreNotFollowedAndTold()
    {
        using var outside = new TempRepository(("ask.ts", Call));
        using var repository = new TempRepository(("src/ask.ts", Call));
        Directory.CreateSymbolicLink(repository.FullPath("src/circle"), repository.Root);
        File.CreateSymbolicLink(repository.FullPath("a.ts"), repository.FullPath("b.ts"));
        File.CreateSymbolicLink(repository.FullPath("b.ts"), repository.FullPath("a.ts"));
        File.CreateSymbolicLink(repository.FullPath("gone.ts"), repository.FullPath("nothing.ts"));
        Directory.CreateSymbolicLink(repository.FullPath("out"), outside.Root);
        var report = repository.Check();
        report.Findings.Select(f => f.File).ShouldBe(["src/ask.ts"]);
        report.Problems.Select(p => p.File).ShouldBe(["a.ts", "b.ts", "gone.ts", "out"], ignoreOrder: true);
        report.IsIncomplete.ShouldBeFalse();
    }

    [Fact]
    public void Source_IsBinary_IsToldAndTheCheckIsNotClean()
    {
        using var repository = new TempRepository();
        File.WriteAllBytes(repository.FullPath("a.ts"), [1, 0, 2, 0, 3]);
        var problem = repository.Check().Problems.ShouldHaveSingleItem();
        problem.ShouldBe(new Problem("a.ts", 0, "is binary; it was not checked", Fatal: true));
    }

    [Fact]
    public void Source_IsHuge_IsTold()
    {
        using var repository = new TempRepository();
        using (var file = File.Create(repository.FullPath("a.ts")))
        {
            file.SetLength(TextReading.MaximumBytes + 1L);
        }

        var report = repository.Check();
        report.Problems.ShouldHaveSingleItem().Reason.ShouldBe("is larger than 16 MiB; it was not checked");
        report.IsIncomplete.ShouldBeTrue();
    }

    [Fact]
    public void Source_InTests_CannotBeRead_FailsNothing()
    {
        using var repository = new TempRepository();
        Directory.CreateDirectory(repository.FullPath("tests"));
        File.WriteAllBytes(repository.FullPath("tests/a.ts"), [1, 0, 2]);
        var report = repository.Check();
        report.Problems.Count.ShouldBe(1);
        report.IsIncomplete.ShouldBeFalse();
    }

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE", "utf-32"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Source_BeginsWithAByteOrderMark_IsRead(string encoding)
    {
        using var repository = new TempRepository();
        File.WriteAllText(repository.FullPath("a.ts"), Call, Encoding.GetEncoding(encoding));
        repository.Found().ShouldBe(["a.ts:1 import openai"]);
    }

    [Fact]
    public void Manifest_BeginsWithAByteOrderMark_IsRead()
    {
        using var repository = new TempRepository();
        File.WriteAllText(repository.FullPath("package.json"), """{ "dependencies": { "openai": "4" } }""", new UTF8Encoding(true));
        repository.Found().ShouldBe(["package.json:1 package openai"]);
    }

    [Fact]
    public void Manifest_IsBroken_IsToldWithItsLineAndNotClean()
    {
        using var repository = new TempRepository(("package.json", "{\n  \"dependencies\": {\n    \"openai\" \"4\"\n"));
        var report = repository.Check();
        var problem = report.Problems.ShouldHaveSingleItem();
        (problem.File, problem.Line, problem.Fatal).ShouldBe(("package.json", 3, true));
        report.IsIncomplete.ShouldBeTrue();
    }

    [Fact]
    public void Lines_EndWithCarriageReturns_AreCountedAlike()
    {
        using var repository = new TempRepository(("a.ts", "\r\n\r\n" + Call));
        repository.Found().ShouldBe(["a.ts:3 import openai"]);
    }
}
