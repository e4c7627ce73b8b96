using System.Text.RegularExpressions;

namespace Sluice.Content;

/// <summary>What a gate looks for in a text.</summary>
/// <param name="Name">What callers are told of it: a shipped name, or where it stands in the configuration.</param>
/// <param name="Regex">Never backtracks: no text makes it slow.</param>
/// <param name="Valid">How much of a match is one, from its beginning; <see langword="null"/> where all of it is.</param>
internal sealed record ContentPattern(string Name, Regex Regex, Func<ReadOnlySpan<char>, int>? Valid = null)
{
    public const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>The first match from here on.</summary>
    /// <param name="text">What stands before <paramref name="start"/> is seen by anchors alone.</param>
    /// <param name="start">Where to begin.</param>
    public (int Start, int Length)? Find(ReadOnlySpan<char> text, int start)
    {
        while (start <= text.Length)
        {
            var matches = Regex.EnumerateMatches(text, start);
            if (!matches.MoveNext())
            {
                return null;
            }

            var match = matches.Current;
            var length = Valid?.Invoke(text.Slice(match.Index, match.Length)) ?? match.Length;
            if (length > 0)
            {
                return (match.Index, length);
            }

            start = match.Index + 1;
        }

        return null;
    }
}
