using Sluice.Boundary.Text;

namespace Sluice.Boundary.Tests.Text;

public sealed class TomlTreeTests
{
    private const string Sample = """
        # a manifest
        title = "T\u00E4st \"quoted\" \\ end" # comment = "no"
        'quoted key' = 'C:\raw'
        a.b."c.d" = 1_000
        when = 1979-05-27T07:32:00-08:00
        day = 1979-05-27 07:32:00
        float = -6.626e-34
        hex = 0xDEAD_beef
        on = true
        long = '''
        first
        "second" ''x'' '''
        joined = \"\"\"one \
             two\"\"\"
        list = [
          1, [ "x", 'y' ], # comment ]
          { k = "v", n.m = 2 },
        ]

        [dependencies]
        serde = { version = "1", features = ["derive"] }

        [dependencies.async-openai]
        version = "0.20"

        [target.'cfg(unix)'.dependencies]
        libc = "0.2"

        [[package]]
        name = "one"

        [package.metadata]
        x = 1

        [[package]]
        name = "two"
        """;

    private static readonly string Text = Sample.Replace("\\\"\\\"\\\"", "\"\"\"", StringComparison.Ordinal);

    [Fact]
    public void Document_WithEveryForm_IsATreeWithLines()
    {
        var root = TomlTree.Parse(Text);

        root["title"]!.Text.ShouldBe("Täst \"quoted\" \\ end");
        root["quoted key"]!.Text.ShouldBe(@"C:\raw");
        root["a"]!["b"]!["c.d"]!.Text.ShouldBe("1_000");
        root["when"]!.Text.ShouldBe("1979-05-27T07:32:00-08:00");
        root["day"]!.Text.ShouldBe("1979-05-27 07:32:00");
        root["float"]!.Kind.ShouldBe(JsonKind.Number);
        root["hex"]!.Text.ShouldBe("0xDEAD_beef");
        root["on"]!.Kind.ShouldBe(JsonKind.Boolean);
        root["long"]!.Text.ShouldBe("first\n\"second\" ''x'' ");
        root["joined"]!.Text.ShouldBe("one two");
        root["list"]!.Items.Count.ShouldBe(3);
        root["list"]!.Items[1].Items.Select(i => i.Text).ShouldBe(["x", "y"]);
        root["list"]!.Items[2]["n"]!["m"]!.Text.ShouldBe("2");
        root["list"]!.Items[2].Line.ShouldBe(17);
        root["dependencies"]!.Members.Select(m => (m.Name, m.Line)).ShouldBe([("serde", 21), ("async-openai", 23)]);
        root["dependencies"]!["async-openai"]!["version"]!.Line.ShouldBe(24);
        root["target"]!["cfg(unix)"]!["dependencies"]!["libc"]!.Text.ShouldBe("0.2");
        root["package"]!.Items.Select(p => (p["name"]!.Text, p.Line)).ShouldBe([("one", 29), ("two", 35)]);
        root["package"]!.Items[0]["metadata"]!["x"]!.Text.ShouldBe("1");
    }

    [Theory]
    [InlineData("a = \"x\\x41\\U0001F600\\e\"", "xA😀\u001b")]
    [InlineData("a = \"\"\"\r\n\"quotes\"\"\"\"\"", "\"quotes\"\"")]
    [InlineData("a = ''''lone''''", "'lone'")]
    [InlineData("a = \"\"", "")]
    [InlineData("\uFEFFa = 07:32:00.5", "07:32:00.5")]
    [InlineData("a = -inf", "-inf")]
    [InlineData("a = \"# no comment\" # comment\r\n", "# no comment")]
    public void Value_OfEachForm_IsRead(string text, string expected) => TomlTree.Parse(text)["a"]!.Text.ShouldBe(expected);

    [Theory]
    [InlineData("a = 1\nb", 2, "expected '='")]
    [InlineData("a = ", 1, "expected a value")]
    [InlineData("\n\na = yes", 3, "expected a value")]
    [InlineData("a = \"open\nb = 1", 1, "the text's end on its line")]
    [InlineData("a = 'open", 1, "the text's end on its line")]
    [InlineData("a = '''\nopen", 2, "''' at the text's end")]
    [InlineData("a = \"\\q\"", 1, "a known escape")]
    [InlineData("a = \"\\uD800\"", 1, "4 hexadecimal digits")]
    [InlineData("a = \"\\U-0000041\"", 1, "8 hexadecimal digits")]
    [InlineData("a = 1 b = 2", 1, "the end of the line")]
    [InlineData("a = 1\na = 2", 2, "'a' is there already")]
    [InlineData("a = 1\n[a]", 2, "'a' is there already")]
    [InlineData("[a]\n[b]\n[a]", 3, "'a' is there already")]
    [InlineData("a = { b = 1 }\n[a.c]", 2, "'a' is there already")]
    [InlineData("a = [1]\n[[a]]", 2, "'a' is there already")]
    [InlineData("[[a]]\n[a]", 2, "'a' is there already")]
    [InlineData("a.b = 1\n[a]", 2, "'a' is there already")]
    [InlineData("[a", 1, "expected ']'")]
    [InlineData("[[a]", 1, "expected ']'")]
    [InlineData("[]", 1, "a key")]
    [InlineData("a = [1 2]", 1, "',' or ']'")]
    [InlineData("a = {", 1, "a key")]
    [InlineData("a = [", 1, "a value")]
    public void Text_ThatIsNotToml_SaysLineAndWhatWasExpected(string text, int line, string message)
    {
        var exception = Should.Throw<JsonTextException>(() => TomlTree.Parse(text));

        exception.Line.ShouldBe(line);
        exception.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("a = ", "[", "1")]
    [InlineData("a = ", "{a=", "1")]
    [InlineData("", "a.", "a = 1")]
    [InlineData("[", "a.", "a]")]
    public void Text_OfAHundredThousandLevels_IsRefused(string start, string level, string end) =>
        Should
            .Throw<JsonTextException>(() => TomlTree.Parse(start + string.Concat(Enumerable.Repeat(level, 100_000)) + end))
            .Message.ShouldContain("levels");

    [Fact]
    public void Text_WithAnyBytesChanged_IsReadOrRefused()
    {
        var random = new Random(20_261);
        const string Signs = "[]{}=.,\"'\\#\n\r\t ab1-_\0\uFEFF\uD800";
        for (var round = 0; round < 20_000; round++)
        {
            var changed = Text.ToCharArray().ToList();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var at = random.Next(changed.Count);
                switch (random.Next(3))
                {
                    case 0:
                        changed[at] = Signs[random.Next(Signs.Length)];
                        break;
                    case 1:
                        changed.Insert(at, Signs[random.Next(Signs.Length)]);
                        break;
                    default:
                        changed.RemoveRange(at, Math.Min(random.Next(1, 40), changed.Count - at - 1));
                        break;
                }
            }

            try
            {
                TomlTree.Parse(new string([.. changed]));
            }
            catch (JsonTextException exception)
            {
                exception.Line.ShouldBeGreaterThan(0);
            }
        }
    }
}
