namespace Sluice.Boundary.Ecosystems.NuGet;

/// <summary>
/// C# in tokens. An interpolated string is one text with its holes, and after it comes what stands in the holes, as code. Directives that ask for a package are
/// a word with the rest of their line; the others say nothing.
/// </summary>
internal sealed class CSharpLexer
{
    private const int MaximumNesting = 32;

    private readonly SourceCursor cursor;
    private readonly List<Token> tokens = [];
    private readonly Stack<Frame> open = new();

    private CSharpLexer(string text) => cursor = new SourceCursor(text);

    public static List<Token> Read(string text)
    {
        var lexer = new CSharpLexer(text);
        lexer.Read();
        return lexer.tokens;
    }

    private void Read()
    {
        while (!cursor.AtEnd)
        {
            if (open.TryPeek(out var frame) && !frame.InHole)
            {
                Interpolated(frame);
            }
            else
            {
                Code(frame);
            }
        }

        while (open.TryPop(out var frame))
        {
            Close(frame, cursor.Position);
        }
    }

    private void Code(Frame? frame)
    {
        var c = cursor.Peek();
        var line = cursor.Line;
        if (char.IsWhiteSpace(c) || c == '\uFEFF')
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
        else if (c == '#' && IsFirstOfLine())
        {
            Directive();
        }
        else if (c is '"' or '$' or '@' && Text())
        {
            return;
        }
        else if (c == '\'')
        {
            Character();
        }
        else if (c == '@' || SourceCursor.IsNamePart(c))
        {
            cursor.Step(c == '@' ? 1 : 0);
            if (cursor.Word(SourceCursor.IsNamePart) is { Length: > 0 } word)
            {
                tokens.Add(new Token(TokenKind.Word, word, line));
            }
        }
        else if (frame is not null && c == '}' && frame.Depth == 0)
        {
            cursor.Step(frame.Braces);
            frame.InHole = false;
            tokens.Add(new Token(TokenKind.Symbol, "}", line));
        }
        else
        {
            if (frame is not null)
            {
                frame.Depth +=
                    c == '{' ? 1
                    : c == '}' ? -1
                    : 0;
            }

            var isPair = cursor.At("::");
            cursor.Step(isPair ? 2 : 1);
            tokens.Add(new Token(TokenKind.Symbol, isPair ? "::" : c.ToString(), line));
        }
    }

    /// <summary>True where a string of any form was here.</summary>
    private bool Text()
    {
        var dollars = 0;
        var prefix = 0;
        var isVerbatim = false;
        for (; cursor.Peek(prefix) is '$' or '@' && prefix < 64; prefix++)
        {
            dollars += cursor.Peek(prefix) == '$' ? 1 : 0;
            isVerbatim |= cursor.Peek(prefix) == '@';
        }

        if (cursor.Peek(prefix) != '"')
        {
            return false;
        }

        var quotes = 0;
        while (cursor.Peek(prefix + quotes) == '"')
        {
            quotes++;
        }

        // Two quotes are an empty string; three and more begin a raw one, unless it is verbatim, where a quote is doubled.
        quotes = isVerbatim || quotes < 3 ? 1 : quotes;
        var line = cursor.Line;
        cursor.Step(prefix + quotes);
        if (dollars > 0 && open.Count < MaximumNesting)
        {
            var braces = quotes > 1 ? dollars : 1;
            open.Push(new Frame(tokens.Count, cursor.Position, quotes, braces, isVerbatim));
            tokens.Add(new Token(TokenKind.Text, "", line));
            return true;
        }

        var start = cursor.Position;
        while (!cursor.AtEnd && !Ends(quotes, isVerbatim))
        {
            Skip(quotes, isVerbatim);
        }

        tokens.Add(new Token(TokenKind.Text, cursor.Text[start..cursor.Position], line));
        Leave(quotes);
        return true;
    }

    private void Interpolated(Frame frame)
    {
        while (!cursor.AtEnd && !Ends(frame.Quotes, frame.IsVerbatim))
        {
            if (cursor.Peek() != '{')
            {
                Skip(frame.Quotes, frame.IsVerbatim);
                continue;
            }

            var braces = 0;
            while (cursor.Peek(braces) == '{')
            {
                braces++;
            }

            // Of an even number of braces in a plain string each pair stands for one; in a raw string only the last ones begin a hole.
            var begins = frame.Quotes > 1 ? braces >= frame.Braces : braces % 2 == 1;
            cursor.Step(braces);
            if (begins)
            {
                frame.InHole = true;
                frame.Depth = 0;
                tokens.Add(new Token(TokenKind.Symbol, "{", cursor.Line));
                return;
            }
        }

        open.Pop();
        Close(frame, cursor.Position);
        Leave(frame.Quotes);
    }

    private void Close(Frame frame, int end) => tokens[frame.Slot] = tokens[frame.Slot] with { Value = cursor.Text[frame.Start..end] };

    private bool Ends(int quotes, bool isVerbatim)
    {
        if (quotes > 1)
        {
            for (var i = 0; i < quotes; i++)
            {
                if (cursor.Peek(i) != '"')
                {
                    return false;
                }
            }

            return true;
        }

        return isVerbatim ? cursor.Peek() == '"' && cursor.Peek(1) != '"' : cursor.Peek() is '"' or '\n';
    }

    private void Skip(int quotes, bool isVerbatim)
    {
        var isPair = quotes == 1 && (isVerbatim ? cursor.Peek() == '"' : cursor.Peek() == '\\' && cursor.Peek(1) != '\n');
        cursor.Step(isPair ? 2 : 1);
    }

    private void Leave(int quotes)
    {
        cursor.Step(cursor.Peek() == '"' ? quotes : 0);
        if (cursor.At("u8"))
        {
            cursor.Step(2);
        }
    }

    private void Character()
    {
        var length =
            cursor.Peek(1) == '\\' ? 0
            : cursor.Peek(2) == '\'' ? 3
            : 1;
        cursor.Step(Math.Max(1, length));
        if (length == 0)
        {
            cursor.Quoted("'", escapes: true, oneLine: true);
        }
    }

    private bool IsFirstOfLine()
    {
        var i = cursor.Position - 1;
        while (i >= 0 && cursor.Text[i] is ' ' or '\t' or '\uFEFF')
        {
            i--;
        }

        return i < 0 || cursor.Text[i] == '\n';
    }

    private void Directive()
    {
        var line = cursor.Line;
        var start = cursor.Position;
        cursor.StepToLineEnd();
        var text = cursor.Text[start..cursor.Position].Trim();
        var space = text.IndexOfAny([' ', '\t']);
        if (space > 0 && text[..space] is "#r" or "#:package")
        {
            tokens.Add(new Token(TokenKind.Word, text[..space], line));
            tokens.Add(new Token(TokenKind.Text, text[space..].Trim(' ', '\t', '"'), line));
        }
    }

    /// <summary>An interpolated string that has not ended yet.</summary>
    private sealed class Frame(int slot, int start, int quotes, int braces, bool isVerbatim)
    {
        public int Slot => slot;

        public int Start => start;

        public int Quotes => quotes;

        public int Braces => braces;

        public bool IsVerbatim => isVerbatim;

        public bool InHole { get; set; }

        public int Depth { get; set; }
    }
}
