using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.NuGet;
using Sluice.Testing;

namespace Sluice.Boundary.Tests.Ecosystems.NuGet;

public sealed class CSharpTests
{
    [Theory]
    [InlineData("using A.B;", "Import A.B")]
    [InlineData("global using static A.B;", "Import A.B")]
    [InlineData("using X = A.B;", "Import A.B")]
    [InlineData("using global::A.B;", "Import A.B")]
    [InlineData("using var x = F(); using (var y = F()) { }", "")]
    [InlineData("var x = new A.B();", "Type B, Import A.B")]
    [InlineData("x.A.B(); this.A.C.D();", "Path x.A.B, Path this.A.C.D")]
    [InlineData("A? x = null; A[] y; F<A>(); F<A?>();", "Type A, Type A, Type A, Type A")]
    [InlineData("if (x is A || y as A) { }", "Type A, Type A")]
    [InlineData("namespace A.B; class C { }", "Declaration A.B, Declaration C")]
    [InlineData("namespace A { namespace B { } } namespace C { }", "Declaration A, Declaration A.B, Declaration C")]
    [InlineData("#r \"nuget: A.B, 1.0\"", "Package A.B")]
    [InlineData("#r \"A.dll\"", "")]
    [InlineData("#:package A.B@1.0", "Package A.B")]
    [InlineData("#region using A.B;\n#endregion", "")]
    [InlineData("x = y #r;", "")]
    [InlineData("// using A.B;\n/* using A.C; */ using A.D;", "Import A.D")]
    [InlineData("var c = '\"'; using A.B; var d = '\\''; // '", "Import A.B")]
    public void Source_OfEachForm_SaysWhatItNames(string source, string expected)
    {
        var said = Read(source)
            .Where(m =>
                m.Kind is MentionKind.Import or MentionKind.Path or MentionKind.Type or MentionKind.Package or MentionKind.Declaration
            )
            .Where(m => m.What is "A" or "B" or "C" || m.What.Contains('.', StringComparison.Ordinal))
            .Select(m => $"{m.Kind} {m.What}");

        string.Join(", ", said).ShouldBe(expected);
    }

    [Theory]
    [InlineData("\"a\\\"b\"", "a\\\"b")]
    [InlineData("@\"a\"\"b\\\"", "a\"\"b\\")]
    [InlineData("\"\"", "")]
    [InlineData("\"\"\"a \"b\" c\"\"\"", "a \"b\" c")]
    [InlineData("\"\"\"\"a \"\"\"b\"\"\" c\"\"\"\"", "a \"\"\"b\"\"\" c")]
    [InlineData("\"a\"u8", "a")]
    [InlineData("$\"a{{b}}{x}c\"", "a{{b}}{x}c|x")]
    [InlineData("$@\"\\{x}\"", "\\{x}|x")]
    [InlineData("$\"{F(\"}\")}\"", "{F(\"}\")}|F|}")]
    [InlineData("$\"{$\"{x}\"}\"", "{$\"{x}\"}|{x}|x")]
    [InlineData("$$\"\"\"{a}{{x}}\"\"\"", "{a}{{x}}|x")]
    [InlineData("$$\"\"\"{{{x}}}\"\"\"", "{{{x}}}|x")]
    [InlineData("\"open\nx", "open|x")]
    public void Text_OfEachForm_IsOneTokenWithItsHolesAsCode(string source, string expected) =>
        string.Join('|', CSharpLexer.Read(source).Where(t => t.Kind != TokenKind.Symbol).Select(t => t.Value)).ShouldBe(expected);

    [Theory]
    [InlineData("x.AddIt(1);", "Call")]
    [InlineData("return AddIt(1);", "Call")]
    [InlineData("x.AddIt<T>(1);", "Call")]
    [InlineData("public static IThing AddIt(this IThing x) => x;", "Declaration")]
    [InlineData("public static IThing<T> AddIt<T>(this IThing x) where T : class { }", "Declaration")]
    [InlineData("interface I { IThing AddIt(int x); }", "Declaration")]
    [InlineData("await AddIt(1);", "Call")]
    [InlineData("if (a > AddIt(1)) { }", "Call")]
    public void Method_ThatIsMadeHere_IsNoCall(string source, string kind) =>
        Read(source).Single(m => m.What == "AddIt").Kind.ToString().ShouldBe(kind);

    [Fact]
    public void Source_WithAnyBytesChanged_IsReadToItsEnd()
    {
        var sample = File.ReadAllText(Repository.PathOf("tests/Sluice.Boundary.Tests/Workspaces/nuget-violating/src/Web/Program.cs"));
        foreach (var text in Mutations.Of(sample, "{}()[]<>:;,#!\"'\\/*$@.? \n\0\uD800", 2_000))
        {
            var lines = text.Count(c => c == '\n') + 1;
            Read(text).ShouldAllBe(m => m.Line >= 1 && m.Line <= lines);
        }
    }

    [Theory]
    [InlineData("$\"{")]
    [InlineData("$$\"\"\"{{")]
    [InlineData("namespace a{")]
    [InlineData("F(")]
    [InlineData("x<")]
    [InlineData("'\\")]
    [InlineData("using a=")]
    public void Source_OfFiftyThousandLevels_IsReadToItsEnd(string level) =>
        Should.NotThrow(() => Read(string.Concat(Enumerable.Repeat(level, 50_000))));

    private static List<Mention> Read(string source)
    {
        var mentions = new List<Mention>();
        new CSharp().Read("a.cs", source, mentions);
        return mentions;
    }
}
