using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.Go;
using Sluice.Boundary.Files;

namespace Sluice.Boundary.Tests.Ecosystems.Go;

public sealed class GoTests
{
    [Theory]
    [InlineData("package a\nimport \"b\"", "2 b")]
    [InlineData("package a; import b \"b/c\"; import . `d`", "1 b/c;1 d")]
    [InlineData("import (\n_ \"b\"; \"c\"\n// \"d\"\n/* \"e\" */ f \"g\"\n)", "2 b;2 c;4 g")]
    [InlineData("import ()\nvar x = \"import\"\nfunc f() { _import(\"c\") }", "")]
    [InlineData("import (\n\"b\"\nfunc f() { g(\"c\") }", "2 b")]
    [InlineData("// import \"b\"\n/* import \"c\" */ const d = `import \"e\"`", "")]
    public void Import_InEachForm_IsTold(string source, string expected) =>
        string.Join(';', Read(source).Where(m => m.Kind == MentionKind.Import).Select(m => $"{m.Line} {m.What}")).ShouldBe(expected);

    [Theory]
    [InlineData("var x = '\"' // \"a\"", "")]
    [InlineData("var x = '\\'' + \"a\"", "a")]
    [InlineData("var x = `a\\` + \"b\"", "a\\b")]
    [InlineData("var x = \"a\\\"b\"", "a\\\"b")]
    [InlineData("var x = \"open\nvar y = \"b\"", "open|b")]
    public void Text_IsRead_HoldsWhatGoHolds(string source, string expected) =>
        string.Join('|', Read(source).Where(m => m.Kind == MentionKind.Text).Select(m => m.What)).ShouldBe(expected);

    [Theory]
    [InlineData("module a\nrequire", "a must be read")]
    [InlineData("require b v1", "names no module")]
    [InlineData("module a\nreplace b c", "'replace' cannot be read")]
    public void Module_ThatSaysTooLittle_IsAProblem(string text, string reason)
    {
        var problems = new List<Problem>();
        GoModule.Read(new ManifestText("go.mod", text), problems);
        if (reason == "a must be read")
        {
            problems.ShouldBeEmpty();
        }
        else
        {
            problems.ShouldHaveSingleItem().Reason.ShouldContain(reason);
        }
    }

    [Fact]
    public void Module_Forked_IsKnownByBothNames()
    {
        var module = GoModule.Read(new ManifestText("go.mod", "module a\nrequire (\nb v1 // indirect\nc v1\n)\nreplace b v1 => d v2"), []);
        module.Requires.Select(r => r.Module).ShouldContain("d");
        module.Requires.Single(r => r.Module == "d").IsIndirect.ShouldBeTrue();
    }

    private static List<Mention> Read(string text)
    {
        var mentions = new List<Mention>();
        new GoSource().Read("a.go", text, mentions);
        return mentions;
    }
}
