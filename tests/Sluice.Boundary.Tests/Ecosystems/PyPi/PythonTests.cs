using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.PyPi;

namespace Sluice.Boundary.Tests.Ecosystems.PyPi;

public sealed class PythonTests
{
    [Theory]
    [InlineData("import a", "1 a")]
    [InlineData("import a.b.c as d, e , f", "1 a.b.c;1 e;1 f")]
    [InlineData("if x: import a", "1 a")]
    [InlineData("def f():\n    x = 1; import a", "2 a")]
    [InlineData("import a, \\\n  b", "1 a;2 b")]
    [InlineData("from a.b import c as d, e", "1 a.b;1 a.b.c;1 a.b.e")]
    [InlineData("from a import (b,\n  # x\n  c,\n)\nimport d", "1 a;1 a.b;1 a.c;5 d")]
    [InlineData("from a import *", "1 a")]
    [InlineData("from . import a\nfrom ..b import c\nfrom .import d", "")]
    [InlineData("raise E from a\nyield from b\nx.import_a('c')", "")]
    [InlineData("importlib.import_module('a.b')\n__import__(\"c\")\nimport_module('.d', 'e')", "1 a.b;2 c")]
    [InlineData("x = 'import a'\n'''\nimport b\n'''\n# import c", "")]
    [InlineData("f'{__import__(\"a\")}'", "1 a")]
    [InlineData("x = (\nimport a\nfrom b import c", "2 a;3 b;3 b.c")]
    [InlineData("import\nfrom\nfrom a\nfrom import x\nimport a.", "5 a")]
    public void Import_WhereverItStands_IsTold(string source, string expected) =>
        string.Join(';', Read("a.py", source).Where(m => m.Kind == MentionKind.Import).Select(m => $"{m.Line} {m.What}"))
            .ShouldBe(expected);

    [Theory]
    [InlineData("Client()", true)]
    [InlineData("x.Client()", true)]
    [InlineData("from a import Client\nClient()", false)]
    [InlineData("from .a import Other as Client\nClient()", false)]
    [InlineData("class Client: pass\nClient()", false)]
    public void Call_OfWhatTheFileItselfNames_SaysNothingMore(string source, bool isTold) =>
        Read("a.py", source).Any(m => m is { Kind: MentionKind.Call, What: "Client" }).ShouldBe(isTold);

    [Fact]
    public void Notebook_Broken_IsReadAsItStands() =>
        Read("a.ipynb", "{\n \"import a\\n\",\n").ShouldContain(m => m.Kind == MentionKind.Import && m.What == "a" && m.Line == 2);

    [Fact]
    public void Notebook_SourceAsOneText_IsReadToo() =>
        Read("a.ipynb", "{\"cells\": [\n{\"cell_type\": \"code\", \"source\": \"x = 1\\nimport a\"}]}")
            .Where(m => m.Kind == MentionKind.Import)
            .ShouldHaveSingleItem()
            .Line.ShouldBe(2);

    private static List<Mention> Read(string path, string text)
    {
        var mentions = new List<Mention>();
        new Python().Read(path, text, mentions);
        return mentions;
    }
}
