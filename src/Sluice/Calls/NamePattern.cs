namespace Sluice.Calls;

/// <summary>A name, or with <c>*</c> at its end every name with that beginning. Never a part in the middle: what a pattern takes can be read off it.</summary>
internal static class NamePattern
{
    /// <param name="below">Whether it also takes what stands below it: <c>acme</c> takes <c>acme/search</c>.</param>
    public static bool Takes(string pattern, ReadOnlySpan<char> name, bool below = false) =>
        name.SequenceEqual(pattern)
        || (pattern is [.., '*'] && name.StartsWith(pattern.AsSpan(..^1), StringComparison.Ordinal))
        || (below && name.Length > pattern.Length && name[pattern.Length] == '/' && name.StartsWith(pattern, StringComparison.Ordinal));

    /// <summary>Whether one of them takes it.</summary>
    public static bool AnyTakes(IReadOnlyList<string> patterns, ReadOnlySpan<char> name, bool below = false)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (Takes(patterns[i], name, below))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether everything that <paramref name="narrow"/> takes is taken by one of <paramref name="wide"/>.</summary>
    public static bool AnyCovers(IReadOnlyList<string> wide, string narrow)
    {
        for (var i = 0; i < wide.Count; i++)
        {
            if (Takes(wide[i], narrow))
            {
                return true;
            }
        }

        return false;
    }
}
