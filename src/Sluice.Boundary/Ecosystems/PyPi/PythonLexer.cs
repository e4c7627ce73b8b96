namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>
/// Python in tokens. A statement's end is the symbol <c>\n</c>; within brackets and behind a backslash there is none. What stands in the holes of an
/// f-string is read as code behind it; strings that stand side by side are one, as they are to Python. Docstrings are comments.
/// </summary>
internal sealed class PythonLexer
{
    /// <summary>Ends a statement.</summary>
    public const string LineEnd = "\n";

    private const int MaximumDepth = 64;

    private readonly SourceCursor cursor;
    private readonly List<Token> tokens = [];
    private int lastText = -1;
    private int behindLastText;

    private PythonLexer(string text)
    {
        cursor = new SourceCursor(text);
    }

    public static List<Token> Read(string text)
    {
        var lexer = new PythonLexer(text);
        while (!lexer.cursor.AtEnd)
        {
            lexer.Code(inHole: false, 0);
        }

        return WithoutDocstrings(lexer.tokens);
    }

    /// <summary>Code to the end of the text, or of the hole it stands in, which is left standing.</summary>
    private void Code(bool inHole, int depth)
    {
        var brackets = 0;
        while (!cursor.AtEnd)
        {
            var c = cursor.Peek();
            var line = cursor.Line;
            if (c == '\n')
            {
                cursor.Step();
                if (brackets == 0 && !inHole)
                {
                    Add(LineEnd, line);
                }
            }
            else if (c == '\\' && cursor.Peek(1) is '\n' or '\r')
            {
                cursor.Step(cursor.Peek(1) == '\r' ? 3 : 2);
            }
            else if (char.IsWhiteSpace(c) || c == '\uFEFF')
            {
                cursor.Step();
            }
            else if (c == '#')
            {
                cursor.StepToLineEnd();
            }
            else if (SourceCursor.IsNamePart(c))
            {
                WordOrText(line, depth);
            }
            else if (c is '"' or '\'')
            {
                Text("", line, depth);
            }
            else if (inHole && brackets == 0 && (c is '}' or ':' || (c == '!' && cursor.Peek(1) != '=')))
            {
                return;
            }
            else
            {
                brackets = Math.Max(
                    0,
                    brackets
                        + (
                            c is '(' or '[' or '{' ? 1
                            : c is ')' or ']' or '}' ? -1
                            : 0
                        )
                );
                cursor.Step();
                Add(c.ToString(), line);
            }
        }
    }

    private void WordOrText(int line, int depth)
    {
        var word = cursor.Word(SourceCursor.IsNamePart);
        if (cursor.Peek() is '"' or '\'' && word.Length <= 2 && word.All(c => "rRbBuUfFtT".Contains(c, StringComparison.Ordinal)))
        {
            Text(word, line, depth);
        }
        else
        {
            tokens.Add(new Token(TokenKind.Word, word, line));
        }
    }

    private void Text(string prefix, int line, int depth)
    {
        var quote = cursor.Peek().ToString();
        quote = cursor.At(quote + quote + quote) ? quote + quote + quote : quote;
        cursor.Step(quote.Length);
        if (prefix.AsSpan().IndexOfAny("fFtT") < 0 || depth >= MaximumDepth)
        {
            Add(cursor.Quoted(quote, escapes: true, oneLine: quote.Length == 1), line, behind: []);
            return;
        }

        var start = cursor.Position;
        var before = tokens.Count;
        var (text, behind) = (lastText, behindLastText);
        while (!cursor.AtEnd && !cursor.At(quote) && !(quote.Length == 1 && cursor.Peek() == '\n'))
        {
            if (cursor.At("{{"))
            {
                cursor.Step(2);
            }
            else if (cursor.Peek() == '{')
            {
                Hole(quote, depth + 1);
            }
            else
            {
                // Only a backslash before a quote or another backslash matters here: before a brace it escapes nothing.
                cursor.Step(cursor.Peek() == '\\' && cursor.Peek(1) != '{' ? 2 : 1);
            }
        }

        var value = cursor.Text[start..cursor.Position];
        cursor.Step(cursor.At(quote) ? quote.Length : 0);
        var holes = tokens.GetRange(before, tokens.Count - before);
        tokens.RemoveRange(before, holes.Count);
        (lastText, behindLastText) = (text, behind);
        Add(value, line, holes);
    }

    /// <summary>An expression, and how it is to be written, which may have holes of its own.</summary>
    private void Hole(string quote, int depth)
    {
        cursor.Step();
        lastText = -1;
        Code(inHole: true, depth);
        while (!cursor.AtEnd && cursor.Peek() != '}' && !cursor.At(quote) && cursor.Peek() != '\n')
        {
            if (cursor.Peek() == '{' && depth < MaximumDepth)
            {
                Hole(quote, depth + 1);
            }
            else
            {
                cursor.Step();
            }
        }

        cursor.Step(cursor.Peek() == '}' ? 1 : 0);
    }

    private void Add(string symbol, int line) => tokens.Add(new Token(TokenKind.Symbol, symbol, line));

    private void Add(string text, int line, List<Token> behind)
    {
        if (lastText >= 0 && behindLastText == tokens.Count && tokens[lastText].Value.Length < 4_096)
        {
            tokens[lastText] = tokens[lastText] with { Value = tokens[lastText].Value + text };
        }
        else
        {
            lastText = tokens.Count;
            tokens.Add(new Token(TokenKind.Text, text, line));
        }

        tokens.AddRange(behind);
        behindLastText = tokens.Count;
    }

    /// <summary>A statement that is only a string does nothing.</summary>
    private static List<Token> WithoutDocstrings(List<Token> tokens)
    {
        var kept = new List<Token>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var isAlone =
                tokens[i].Kind == TokenKind.Text
                && (i + 1 == tokens.Count || Ends(tokens[i + 1]))
                && (i == 0 || Ends(tokens[i - 1]) || (tokens[i - 1].Is(":") && IsBlock(tokens, i - 1)));
            if (!isAlone)
            {
                kept.Add(tokens[i]);
            }
        }

        return kept;
    }

    private static bool Ends(Token token) => token.Is(LineEnd) || token.Is(";");

    /// <summary>The colon ends <c>def f():</c> or <c>class C:</c>, not an annotation or a key.</summary>
    private static bool IsBlock(List<Token> tokens, int colon)
    {
        var start = colon;
        while (start > 0 && !Ends(tokens[start - 1]))
        {
            start--;
        }

        return tokens[start].Is("def")
            || tokens[start].Is("class")
            || (tokens[start].Is("async") && start + 1 < colon && tokens[start + 1].Is("def"));
    }
}
