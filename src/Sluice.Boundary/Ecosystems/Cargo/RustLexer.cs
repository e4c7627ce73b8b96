namespace Sluice.Boundary.Ecosystems.Cargo;

/// <summary>Rust in tokens. Source: https://doc.rust-lang.org/reference/tokens.html.</summary>
internal static class RustLexer
{
    public static List<Token> Read(string text)
    {
        var cursor = new SourceCursor(text);
        var tokens = new List<Token>();
        if (cursor.At("#!") && !cursor.At("#!["))
        {
            cursor.StepToLineEnd();
        }

        while (!cursor.AtEnd)
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
                Comment(cursor);
            }
            else if (Text(cursor) is { } value)
            {
                tokens.Add(new Token(TokenKind.Text, value, line));
            }
            else if (c == '\'')
            {
                CharacterOrLifetime(cursor);
            }
            else if (cursor.At("r#") && SourceCursor.IsNameStart(cursor.Peek(2)))
            {
                cursor.Step(2);
                tokens.Add(new Token(TokenKind.Word, cursor.Word(SourceCursor.IsNamePart), line));
            }
            else if (SourceCursor.IsNamePart(c))
            {
                tokens.Add(new Token(TokenKind.Word, cursor.Word(SourceCursor.IsNamePart), line));
            }
            else if (cursor.At("::"))
            {
                cursor.Step(2);
                tokens.Add(new Token(TokenKind.Symbol, "::", line));
            }
            else
            {
                cursor.Step();
                tokens.Add(new Token(TokenKind.Symbol, c.ToString(), line));
            }
        }

        return tokens;
    }

    /// <summary>Comments lie in comments.</summary>
    private static void Comment(SourceCursor cursor)
    {
        var depth = 0;
        do
        {
            var opens = cursor.At("/*");
            var closes = !opens && cursor.At("*/");
            depth +=
                opens ? 1
                : closes ? -1
                : 0;
            cursor.Step(opens || closes ? 2 : 1);
        } while (depth > 0 && !cursor.AtEnd);
    }

    /// <summary>A string of any form from here; null where there is none.</summary>
    private static string? Text(SourceCursor cursor)
    {
        var prefix = cursor.Peek() is 'b' or 'c' ? 1 : 0;
        if (cursor.Peek(prefix) == '"')
        {
            cursor.Step(prefix + 1);
            return cursor.Quoted("\"", escapes: true, oneLine: false);
        }

        if (cursor.Peek(prefix) != 'r')
        {
            return null;
        }

        var marks = 0;
        while (cursor.Peek(prefix + 1 + marks) == '#' && marks < 256)
        {
            marks++;
        }

        if (cursor.Peek(prefix + 1 + marks) != '"')
        {
            return null;
        }

        cursor.Step(prefix + marks + 2);
        return cursor.Quoted("\"" + new string('#', marks), escapes: false, oneLine: false);
    }

    /// <summary><c>'a'</c>, <c>'\''</c> and <c>'\u{1F600}'</c> are characters, <c>'a</c> is a lifetime. Neither says anything.</summary>
    private static void CharacterOrLifetime(SourceCursor cursor)
    {
        cursor.Step();
        if (cursor.Peek() == '\\')
        {
            cursor.Quoted("'", escapes: true, oneLine: true);
        }
        else if (cursor.Peek(1) == '\'')
        {
            cursor.Step(2);
        }
        else if (char.IsHighSurrogate(cursor.Peek()) && cursor.Peek(2) == '\'')
        {
            cursor.Step(3);
        }
        else
        {
            cursor.Word(SourceCursor.IsNamePart);
        }
    }
}
