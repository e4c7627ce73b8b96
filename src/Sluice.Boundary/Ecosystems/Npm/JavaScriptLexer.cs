namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>
/// JavaScript and TypeScript in tokens. A template is one string with its holes, and what stands in the holes is read as code after it. Whether a slash begins
/// a regular expression, or a sign of less an element, is told by what stands before it. What an element says between its tags is read by nobody.
/// </summary>
internal sealed class JavaScriptLexer
{
    private const int MaximumDepth = 64;

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
        "default",
    ];

    private readonly SourceCursor cursor;
    private readonly List<Token> tokens = [];

    // For each round bracket that is open, whether a condition stands in it: behind one an expression begins.
    private readonly Stack<bool> brackets = [];
    private bool closedCondition;
    private bool hasElements;
    private int depth;

    private JavaScriptLexer(string text, bool hasElements)
    {
        cursor = new SourceCursor(text);
        this.hasElements = hasElements;
    }

    /// <param name="hasElements">An element may stand where an expression may: JSX.</param>
    public static List<Token> Read(string text, bool hasElements = false)
    {
        var lexer = new JavaScriptLexer(text, hasElements);
        if (lexer.cursor.At("#!"))
        {
            lexer.cursor.StepToLineEnd();
        }

        while (!lexer.cursor.AtEnd)
        {
            lexer.Code();
            lexer.Symbol();
        }

        return lexer.tokens;
    }

    /// <summary>A page of Vue, Svelte, Astro or HTML: its scripts are code, and so is what stands in braces; of the rest, what its attributes say.</summary>
    /// <param name="hasHoles">Code may stand in braces anywhere.</param>
    public static List<Token> ReadPage(string text, bool hasHoles)
    {
        var lexer = new JavaScriptLexer(text, hasElements: false);
        if (lexer.cursor.At("---"))
        {
            var end = text.IndexOf("\n---", 3, StringComparison.Ordinal);
            lexer.cursor.Step(3);
            lexer.CodeUntil(end < 0 ? text.Length : end);
        }

        while (!lexer.cursor.AtEnd)
        {
            lexer.Markup(hasHoles);
        }

        return lexer.tokens;
    }

    /// <summary>Code to a brace that closes none of its own, which is left standing, or to the end.</summary>
    private void Code(int end = int.MaxValue)
    {
        for (var braces = 0; !cursor.AtEnd && cursor.Position < end; )
        {
            var c = cursor.Peek();
            if (c == '}' && braces-- == 0)
            {
                return;
            }

            braces += c == '{' ? 1 : 0;
            Piece(c);
        }
    }

    private void CodeUntil(int end)
    {
        while (!cursor.AtEnd && cursor.Position < end)
        {
            Code(end);
            if (cursor.Position < end)
            {
                Symbol();
            }
        }
    }

    private void Piece(char c)
    {
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
        else if (c == '`' && depth < MaximumDepth)
        {
            Template();
        }
        else if (c == '/' && BeginsExpression())
        {
            Regex();
        }
        else if (c == '<' && hasElements && depth < MaximumDepth && BeginsExpression() && BeginsElement())
        {
            Element();
        }
        else if (IsNamePart(c))
        {
            tokens.Add(new Token(TokenKind.Word, cursor.Word(IsNamePart), line));
        }
        else
        {
            Symbol();
        }
    }

    private void Symbol()
    {
        if (cursor.AtEnd)
        {
            return;
        }

        var c = cursor.Peek();
        if (c == '(')
        {
            brackets.Push(tokens is [.., { Kind: TokenKind.Word, Value: "if" or "while" or "for" or "with" }]);
        }
        else if (c == ')')
        {
            closedCondition = brackets.TryPop(out var isCondition) && isCondition;
        }

        tokens.Add(new Token(TokenKind.Symbol, c.ToString(), cursor.Line));
        cursor.Step();
    }

    private void Template()
    {
        var line = cursor.Line;
        var at = tokens.Count;
        cursor.Step();
        var start = cursor.Position;
        tokens.Add(new Token(TokenKind.Text, "", line));
        while (!cursor.AtEnd && cursor.Peek() != '`')
        {
            if (cursor.At("${"))
            {
                cursor.Step(1);
                Hole();
            }
            else
            {
                cursor.Step(cursor.Peek() == '\\' ? 2 : 1);
            }
        }

        tokens[at] = tokens[at] with { Value = cursor.Text[start..Math.Min(cursor.Position, cursor.Text.Length)] };
        cursor.Step();
        if (tokens.Count > at + 1)
        {
            // What follows the template does not follow the last word of a hole.
            tokens.Add(new Token(TokenKind.Symbol, ")", cursor.Line));
            closedCondition = false;
        }
    }

    /// <summary>From a brace to behind the one that closes it.</summary>
    private void Hole()
    {
        depth++;
        tokens.Add(new Token(TokenKind.Symbol, ";", cursor.Line));
        cursor.Step();
        Code();
        cursor.Step();
        depth--;
    }

    private void Regex()
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
        tokens.Add(new Token(TokenKind.Symbol, ")", cursor.Line));
        closedCondition = false;
        cursor.Word(IsNamePart);
    }

    /// <summary>A type's parameters look alike: <c>&lt;T,&gt;() =&gt;</c>, <c>&lt;T extends U&gt;() =&gt;</c>.</summary>
    private bool BeginsElement()
    {
        var text = cursor.Text.AsSpan(cursor.Position + 1);
        text = text[..Math.Min(text.Length, 256)];
        if (text.Length > 0 && text[0] == '>')
        {
            return true;
        }

        var name = 0;
        while (name < text.Length && (SourceCursor.IsNamePart(text[name]) || text[name] is '.' or '-' or ':' or '$'))
        {
            name++;
        }

        var rest = text[name..].TrimStart();
        return name > 0 && !rest.StartsWith(",") && !rest.StartsWith("extends ");
    }

    /// <summary>An element and all that is in it. One that is never closed was none: it is read as code, and so is the rest of the file.</summary>
    private void Element()
    {
        var (start, line, count) = (cursor.Position, cursor.Line, tokens.Count);
        depth++;
        var open = 0;
        do
        {
            if (cursor.At("</"))
            {
                open--;
                cursor.StepBehind(">");
            }
            else if (cursor.Peek() == '<')
            {
                open += Tag() ? 0 : 1;
            }
            else if (cursor.Peek() == '{')
            {
                Hole();
            }
            else
            {
                cursor.Step();
            }
        } while (open > 0 && !cursor.AtEnd);

        depth--;
        if (open > 0)
        {
            tokens.RemoveRange(count, tokens.Count - count);
            cursor.Return(start, line);
            hasElements = false;
            Symbol();
            return;
        }

        tokens.Add(new Token(TokenKind.Symbol, ")", cursor.Line));
        closedCondition = false;
    }

    /// <summary>A tag with what its attributes say.</summary>
    /// <returns>True when it closes itself.</returns>
    private bool Tag()
    {
        cursor.Step();
        while (!cursor.AtEnd && cursor.Peek() != '>')
        {
            var c = cursor.Peek();
            if (cursor.At("/>"))
            {
                cursor.Step(2);
                return true;
            }

            if (c is '"' or '\'')
            {
                var line = cursor.Line;
                cursor.Step();
                tokens.Add(new Token(TokenKind.Text, cursor.Quoted(c.ToString(), escapes: false, oneLine: false), line));
            }
            else if (c == '{')
            {
                Hole();
            }
            else if (c == '=')
            {
                Symbol();
            }
            else if (IsNamePart(c))
            {
                tokens.Add(new Token(TokenKind.Word, cursor.Word(IsNamePart), cursor.Line));
            }
            else
            {
                cursor.Step();
            }
        }

        cursor.Step();
        return false;
    }

    private void Markup(bool hasHoles)
    {
        if (cursor.At("<!--"))
        {
            cursor.StepBehind("-->");
        }
        else if (cursor.At("<script"))
        {
            tokens.Add(new Token(TokenKind.Symbol, ";", cursor.Line));
            if (!Tag())
            {
                var end = cursor.Text.IndexOf("</script", cursor.Position, StringComparison.OrdinalIgnoreCase);
                CodeUntil(end < 0 ? cursor.Text.Length : end);
                tokens.Add(new Token(TokenKind.Symbol, ";", cursor.Line));
            }
        }
        else if (cursor.At("<style"))
        {
            cursor.StepBehind("</style");
        }
        else if (cursor.Peek() == '<' && (char.IsLetter(cursor.Peek(1)) || cursor.Peek(1) == '/'))
        {
            tokens.Add(new Token(TokenKind.Symbol, ";", cursor.Line));
            Tag();
        }
        else if (hasHoles && cursor.Peek() == '{')
        {
            Hole();
        }
        else
        {
            cursor.Step();
        }
    }

    private bool BeginsExpression() =>
        tokens.Count == 0
        || tokens[^1] switch
        {
            { Kind: TokenKind.Word } word => BeforeExpression.Contains(word.Value) && !(tokens.Count > 1 && tokens[^2].Is(".")),
            { Kind: TokenKind.Symbol, Value: ")" } => closedCondition,
            { Kind: TokenKind.Symbol } symbol => symbol.Value is not ("]" or "}"),
            _ => false,
        };

    private static bool IsNamePart(char c) => SourceCursor.IsNamePart(c) || c is '$' or '#' or '@';
}
