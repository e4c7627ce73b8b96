namespace Sluice.Simulator;

/// <summary>Counts and cuts text into tokens: a word with the space before it, or a single sign.</summary>
internal static class Words
{
    public static int Count(string text) => Split(text).Count;

    public static IReadOnlyList<string> Split(string text)
    {
        var tokens = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var ends =
                i + 1 == text.Length
                || text[i + 1] == ' '
                || char.IsLetterOrDigit(text[i]) != char.IsLetterOrDigit(text[i + 1]) && text[i] != ' ';
            if (ends && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length))
            {
                tokens.Add(text[start..(i + 1)]);
                start = i + 1;
            }
        }

        return tokens;
    }
}
