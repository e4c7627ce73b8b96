namespace Sluice.Boundary.Ecosystems;

/// <summary>A place in a text that goes forward and counts lines: what every lexer here steps with.</summary>
internal sealed class SourceCursor(string text)
{
    public string Text { get; } = text;

    public int Position { get; private set; }

    public int Line { get; private set; } = 1;

    public bool AtEnd => Position >= Text.Length;

    /// <summary>The character here, or one ahead; zero behind the end.</summary>
    public char Peek(int ahead = 0) => Position + ahead < Text.Length ? Text[Position + ahead] : '\0';

    public bool At(string value) => string.CompareOrdinal(Text, Position, value, 0, value.Length) == 0;

    public void Step(int count = 1)
    {
        for (; count > 0 && Position < Text.Length; count--)
        {
            Line += Text[Position++] == '\n' ? 1 : 0;
        }
    }

    /// <summary>Goes back to where it has been, for what turned out to be something else.</summary>
    public void Return(int position, int line) => (Position, Line) = (position, line);

    /// <summary>Goes behind the next occurrence, or to the end.</summary>
    public void StepBehind(string value)
    {
        var end = Text.IndexOf(value, Position, StringComparison.Ordinal);
        Step((end < 0 ? Text.Length : end + value.Length) - Position);
    }

    /// <summary>Goes to the end of the line, and leaves the line's end standing.</summary>
    public void StepToLineEnd()
    {
        var end = Text.IndexOf('\n', Position);
        Step((end < 0 ? Text.Length : end) - Position);
    }

    /// <summary>A name from here: letters, digits, underscores and what else the language allows.</summary>
    public string Word(Func<char, bool> isPart)
    {
        var start = Position;
        while (!AtEnd && isPart(Text[Position]))
        {
            Position++;
        }

        return Text[start..Position];
    }

    /// <summary>The text between here and a quote, which is left behind. A backslash, where it escapes, takes the next character along.</summary>
    /// <param name="oneLine">A line's end ends it too: what is not closed does not swallow the file.</param>
    public string Quoted(string quote, bool escapes, bool oneLine)
    {
        var start = Position;
        while (!AtEnd && !At(quote) && !(oneLine && Peek() == '\n'))
        {
            Step(escapes && Peek() == '\\' ? 2 : 1);
        }

        var value = Text[start..Math.Min(Position, Text.Length)];
        if (At(quote))
        {
            Step(quote.Length);
        }

        return value;
    }

    public static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    public static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c == '_';
}
