using System.Globalization;
using System.Text.RegularExpressions;

namespace Sluice.Wires.Gemini;

/// <summary>What differs between the generations of Gemini's models.</summary>
internal static partial class GeminiModel
{
    /// <summary>Whether it is of the third generation or later: calls must be signed, thinking has levels, each search is billed.</summary>
    public static bool IsThird(string model) =>
        model.EndsWith("-latest", StringComparison.Ordinal)
        || Generation().Match(model) is { Success: true } match
            && int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) >= 3;

    public static bool IsPro(string model) => model.Contains("-pro", StringComparison.Ordinal);

    [GeneratedRegex("gemini-(?<number>[0-9]{1,4})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Generation();
}
