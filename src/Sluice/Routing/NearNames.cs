namespace Sluice.Routing;

/// <summary>Finds what somebody may have meant by a name that does not exist.</summary>
internal static class NearNames
{
    private const int Most = 3;

    /// <summary>At most three names within an edit distance of a third of the length, or with the name as a part; nearest first.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> names) =>
        [
            .. names
                .Select(n => (Name: n, Distance: Distance(name, n)))
                .Where(n => n.Distance <= Math.Max(2, name.Length / 3) || Contains(n.Name, name))
                .OrderBy(n => n.Distance)
                .ThenBy(n => n.Name, StringComparer.Ordinal)
                .Take(Most)
                .Select(n => n.Name),
        ];

    private static bool Contains(string name, string part) => part.Length >= 3 && name.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[b.Length];
    }
}
