using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.PyPi;

namespace Sluice.Boundary.Tests.Ecosystems.PyPi;

public sealed class InlineScriptTests
{
    [Theory]
    [InlineData("# /// script\n# dependencies = ['a', 'b>1']\n# ///\n", "2 a;2 b")]
    [InlineData("#!/bin/x\r\n# /// script\r\n#\r\n# dependencies = [\r\n#  'a',\r\n# ]\r\n# ///\r\n", "5 a")]
    [InlineData("# /// script\n# dependencies = ['a']", "2 a")]
    [InlineData("# /// script\n# dependencies = [", "")]
    [InlineData("x = 1 # /// script\n# dependencies = ['a']", "")]
    [InlineData("# /// other\n# dependencies = ['a']", "")]
    public void Script_SaysWhatItAsksFor_IsTold(string text, string expected)
    {
        var mentions = new List<Mention>();
        InlineScript.Read(text, mentions);
        string.Join(';', mentions.Select(m => $"{m.Line} {m.What}")).ShouldBe(expected);
    }
}
