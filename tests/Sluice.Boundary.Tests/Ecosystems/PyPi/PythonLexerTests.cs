using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Ecosystems.PyPi;

namespace Sluice.Boundary.Tests.Ecosystems.PyPi;

public sealed class PythonLexerTests
{
    [Theory]
    [InlineData("x = 'a' # 'b'", "a")]
    [InlineData("x = r'\\'b' 'c'", "\\'bc")]
    [InlineData("x = '''a\n'b' \"\"\"c\n'''", "a\n'b' \"\"\"c\n")]
    [InlineData("x = ('a'\n  \"b\"\n  f'{y}' 'c')", "ab{y}c")]
    [InlineData("x = 'a'\ny = 'b'", "a|b")]
    [InlineData("x = f'{d[\"a\"]}b'", "{d[\"a\"]}b|a")]
    [InlineData("x = f'{d['a']:{'w'}}' + 'b'", "{d['a']:{'w'}}|a|w|b")]
    [InlineData("x = f'{{a}}' F\"\"\"{ {'k': 'v'}['k'] !r}\"\"\"", "{{a}}{ {'k': 'v'}['k'] !r}|k|v|k")]
    [InlineData("x = f'{a!=\"b\"}'", "{a!=\"b\"}|b")]
    [InlineData("x = 'not closed\ny = 'b'", "not closed|b")]
    [InlineData("x = f'not closed {\ny = 'b'", "not closed {\ny = 'b'|b")]
    [InlineData("'doc'\nx = 'a'", "a")]
    [InlineData("def f(x='a') -> 'T': 'doc'\nclass C:\n  'doc' 'more'\n  y: 'T' = 'b'", "a|T|T|b")]
    [InlineData("async def f(): 'doc'; 'more'\nx = {1: 'a'}\nlambda: 'b'", "a|b")]
    [InlineData("f\\\n('a'\\\n'b')", "ab")]
    [InlineData("x = rb'a' Rb'b'; bytes('c')", "ab|c")]
    public void Text_IsRead_HoldsWhatPythonHolds(string source, string expected) =>
        string.Join('|', PythonLexer.Read(source).Where(t => t.Kind == TokenKind.Text).Select(t => t.Value)).ShouldBe(expected);

    [Fact]
    public void Line_BehindStringsOfManyLines_IsCounted() =>
        PythonLexer.Read("'''\n\n'''\nx = f'''\n{\n'a'}'''\ny").Last().Line.ShouldBe(7);
}
