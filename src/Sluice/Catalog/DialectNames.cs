namespace Sluice.Catalog;

/// <summary>Finds vendors by whichever name they are called.</summary>
internal static class DialectNames
{
    /// <summary>The row of this name, or the one that has it among its aliases.</summary>
    public static Dialect? Named(this IReadOnlyDictionary<string, Dialect> rows, string name) =>
        rows.GetValueOrDefault(name) ?? rows.Values.FirstOrDefault(d => d.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));
}
