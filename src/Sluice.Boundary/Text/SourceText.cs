namespace Sluice.Boundary.Text;

/// <summary>A place in a TOML text that goes forward only and counts lines.</summary>
internal sealed class SourceText(string text)
{
    private int position = text.Length > 0 && text[0] == '\uFEFF' ? 1 : 0;

    public int Line { get; private set; } = 1;

    public bool AtEnd => position >= text.Length;

    /// <summary>The character here, or some ahead; zero behind the end.</summary>
    public char Peek(int ahead = 0) => position + ahead < text.Length ? text[position + ahead] : '\0';

    public bool At(string value) => string.CompareOrdinal(text, position, value, 0, value.Length) == 0;

    public void Step(int count = 1)
    {
        for (; count > 0 && position < text.Length; count--)
        {
            Line += text[position++] == '\n' ? 1 : 0;
        }
    }

    /// <summary>All from here that fits; it may not go over a line's end.</summary>
    public string Word(Func<char, bool> isPart)
    {
        var start = position;
        while (position < text.Length && isPart(text[position]))
        {
            position++;
        }

        return text[start..position];
    }

    public string Take(int count)
    {
        var start = position;
        Step(count);
        return text[start..position];
    }

    /// <summary>Goes behind a sign that must be here, with space before it or not.</summary>
    public void Take(char sign)
    {
        SkipSpace();
        if (Peek() != sign || AtEnd)
        {
            throw Expected($"'{sign}'");
        }

        Step();
    }

    public void Close(char quote)
    {
        if (Peek() != quote || AtEnd)
        {
            throw Expected("the text's end on its line");
        }

        Step();
    }

    /// <summary>Space within the line.</summary>
    public void SkipSpace()
    {
        while (Peek() is ' ' or '\t')
        {
            position++;
        }
    }

    public void SkipWhite()
    {
        while (Peek() is ' ' or '\t' or '\r' or '\n')
        {
            Step();
        }
    }

    /// <summary>Space, line ends and comments.</summary>
    public void SkipLines()
    {
        for (SkipWhite(); Peek() == '#'; SkipWhite())
        {
            Word(c => c != '\n');
        }
    }

    public JsonTextException Expected(string what) => new(Line, $"line {Line}: expected {what}");
}
