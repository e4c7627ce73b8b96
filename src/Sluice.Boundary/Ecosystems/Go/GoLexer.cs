namespace Sluice.Boundary.Ecosystems.Go;

/// <summary>Go in tokens.</summary>
internal static class GoLexer
{
    public static List<Token> Read(string text)
    {
        var cursor = new SourceCursor(text);
        var tokens = new List<Token>();
        while (!cursor.AtEnd)
        {
            var c = cursor.Peek();
            var line = cursor.Line;
            if (char.IsWhiteSpace(c))
            {
                cursor.Step();
            }
            else if (cursor.At("//"))
            {
                cursor.StepToLineEnd();
            }
            else if (cursor.At("/*"))
            {
                cursor.Step(2);
                cursor.StepBehind("*/");
            }
            else if (c == '`')
            {
                cursor.Step();
                tokens.Add(new Token(TokenKind.Text, cursor.Quoted("`", escapes: false, oneLine: false), line));
            }
            else if (c == '"')
            {
                cursor.Step();
                tokens.Add(new Token(TokenKind.Text, cursor.Quoted("\"", escapes: true, oneLine: true), line));
            }
            else if (c == '\'')
            {
                // A rune is one character; nothing a rule knows.
                cursor.Step();
                cursor.Quoted("'", escapes: true, oneLine: true);
            }
            else if (SourceCursor.IsNamePart(c))
            {
                tokens.Add(new Token(TokenKind.Word, cursor.Word(SourceCursor.IsNamePart), line));
            }
            else
            {
                cursor.Step();
                tokens.Add(new Token(TokenKind.Symbol, c.ToString(), line));
            }
        }

        return tokens;
    }
}
