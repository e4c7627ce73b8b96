using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Cli.Prices;

/// <summary>A condition on a model's id, whatever its case.</summary>
internal sealed class MatchClause
{
    private readonly Func<string, bool> _fits;

    private MatchClause(Func<string, bool> fits, IReadOnlyList<string> ids) => (_fits, Ids) = (fits, ids);

    /// <summary>The ids that are named in full.</summary>
    public IReadOnlyList<string> Ids { get; }

    public static MatchClause Equal(string id) => new(text => string.Equals(text, id, StringComparison.OrdinalIgnoreCase), [id]);

    public bool Fits(string id) => _fits(id);

    /// <summary><c>{"equals": …}</c>, <c>starts_with</c>, <c>ends_with</c>, <c>contains</c>, <c>regex</c>, or a list of such under <c>or</c> and <c>and</c>.</summary>
    /// <exception cref="PriceFileException">It is none of these.</exception>
    public static MatchClause Read(JsonElement clause, string path)
    {
        if (clause.ValueKind != JsonValueKind.Object || clause.EnumerateObject().Count() != 1)
        {
            throw new PriceFileException(path, "a match has one member", "such as {\"equals\": \"gpt-4o\"}");
        }

        var member = clause.EnumerateObject().Single();
        path = $"{path}.{member.Name}";
        if (member.Name is "or" or "and")
        {
            var parts = PriceFields.Items(member.Value, path).Select(i => Read(i.Value, i.Path)).ToList();
            return member.Name == "or"
                ? new MatchClause(text => parts.Exists(p => p.Fits(text)), [.. parts.SelectMany(p => p.Ids)])
                : new MatchClause(text => parts.TrueForAll(p => p.Fits(text)), []);
        }

        var value = PriceFields.Text(member.Value, path);
        return member.Name switch
        {
            "equals" => Equal(value),
            "starts_with" => new MatchClause(text => text.StartsWith(value, StringComparison.OrdinalIgnoreCase), []),
            "ends_with" => new MatchClause(text => text.EndsWith(value, StringComparison.OrdinalIgnoreCase), []),
            "contains" => new MatchClause(text => text.Contains(value, StringComparison.OrdinalIgnoreCase), []),
            "regex" => Pattern(value, path),
            _ => throw new PriceFileException(
                path,
                "unknown condition",
                "known are equals, starts_with, ends_with, contains, regex, or, and"
            ),
        };
    }

    private static MatchClause Pattern(string value, string path)
    {
        try
        {
            // A file from outside: no pattern may take longer than its text is long.
            var regex = new Regex(value, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
            return new MatchClause(regex.IsMatch, []);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new PriceFileException(
                path,
                $"'{value}' is no pattern that can be used",
                "write one without look-around and back-references"
            );
        }
    }
}
