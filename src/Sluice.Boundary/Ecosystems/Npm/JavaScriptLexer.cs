namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>
/// JavaScript and TypeScript in tokens. A template is one string with its holes, and what stands in the holes is read as code after it. Whether a slash begins
/// a regular expression is told by what stands before it.
/// </summary>
internal static class JavaScriptLexer
{
    private static readonly HashSet<string> BeforeExpression =
    [
        "return",
        "typeof",
        "case",
        "in",
        "of",
        "delete",
        "void",
        "throw",
        "new",
        "else",
        "do",
        "await",
        "yield",
    ];

    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        Read(new SourceCursor(text), tokens);
        return tokens;
    }

    private static void Read(SourceCursor cursor, List<Token> tokens)
    {
        if (cursor.At("#!"))
        {
            cursor.StepToLineEnd();
        }

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
            else if (c is '"' or '\'')
            {
                cursor.Step();
                tokens.Add(new Token(TokenKind.Text, cursor.Quoted(c.ToString(), escapes: true, oneLine: true), line));
            }
            else if (c == '`')
            {
                cursor.Step();
                Template(cursor, tokens);
            }
            else if (c == '/' && BeginsExpression(tokens))
            {
                Regex(cursor);
            }
            else if (IsNamePart(c))
            {
                tokens.Add(new Token(TokenKind.Word, cursor.Word(IsNamePart), line));
            }
            else
            {
                cursor.Step();
                tokens.Add(new Token(TokenKind.Symbol, c.ToString(), line));
            }
        }
    }

    private static void Template(SourceCursor cursor, List<Token> tokens)
    {
        var line = cursor.Line;
        var start = cursor.Position;
        var holes = new List<(string Text, int Line)>();
        while (!cursor.AtEnd && cursor.Peek() != '`')
        {
            if (cursor.At("${"))
            {
                cursor.Step(2);
                holes.Add(Hole(cursor));
            }
            else
            {
                cursor.Step(cursor.Peek() == '\\' ? 2 : 1);
            }
        }

        tokens.Add(new Token(TokenKind.Text, cursor.Text[start..cursor.Position], line));
        cursor.Step();
        foreach (var (text, first) in holes)
        {
            foreach (var token in Read(text))
            {
                tokens.Add(token with { Line = token.Line + first - 1 });
            }
        }
    }

    /// <summary>From behind <c>${</c> to behind its brace; braces, strings and templates inside it are its own.</summary>
    private static (string Text, int Line) Hole(SourceCursor cursor)
    {
        var line = cursor.Line;
        var start = cursor.Position;
        for (var depth = 1; !cursor.AtEnd; )
        {
            switch (cursor.Peek())
            {
                case '{':
                    depth++;
                    break;
                case '}' when --depth == 0:
                    var text = cursor.Text[start..cursor.Position];
                    cursor.Step();
                    return (text, line);
                case '"' or '\'':
                    var quote = cursor.Peek().ToString();
                    cursor.Step();
                    cursor.Quoted(quote, escapes: true, oneLine: true);
                    continue;
                case '`':
                    cursor.Step();
                    Template(cursor, []);
                    continue;
            }

            cursor.Step();
        }

        return (cursor.Text[start..], line);
    }

    private static void Regex(SourceCursor cursor)
    {
        var inSet = false;
        cursor.Step();
        while (!cursor.AtEnd && cursor.Peek() != '\n' && (inSet || cursor.Peek() != '/'))
        {
            inSet = cursor.Peek() switch
            {
                '[' => true,
                ']' => false,
                _ => inSet,
            };
            cursor.Step(cursor.Peek() == '\\' ? 2 : 1);
        }

        cursor.Step(cursor.Peek() == '/' ? 1 : 0);
    }

    private static bool BeginsExpression(List<Token> tokens) =>
        tokens.Count == 0
        || tokens[^1] switch
        {
            { Kind: TokenKind.Word } word => BeforeExpression.Contains(word.Value),
            { Kind: TokenKind.Symbol } symbol => symbol.Value is not (")" or "]" or "}"),
            _ => false,
        };

    private static bool IsNamePart(char c) => SourceCursor.IsNamePart(c) || c is '$' or '#' or '@';
}
