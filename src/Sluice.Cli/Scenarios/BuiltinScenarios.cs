namespace Sluice.Cli.Scenarios;

/// <summary>The scenarios that ship inside the tool, with the configurations that they hold to account.</summary>
internal static class BuiltinScenarios
{
    private const string Prefix = "data/scenarios/";
    private const string Samples = "samples/";

    /// <summary>The sets there are.</summary>
    public static IReadOnlyList<string> Sets { get; } =
    [
        .. typeof(BuiltinScenarios)
            .Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(n => n[Prefix.Length..].Split('/')[0])
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Writes a set to a directory, and the configurations beside it as they lie beside it in the sources.</summary>
    /// <returns>The directory of the set, and the beginning of it that users are not shown.</returns>
    public static (string Path, string Hidden) Write(string set, string directory)
    {
        var assembly = typeof(BuiltinScenarios).Assembly;
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (
                name.StartsWith(Prefix + set + "/", StringComparison.Ordinal)
                || (name.StartsWith(Samples, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal))
            )
            {
                var path = Path.Combine(directory, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using var from = assembly.GetManifestResourceStream(name)!;
                using var to = File.Create(path);
                from.CopyTo(to);
            }
        }

        return (Path.Combine(directory, Prefix, set), Path.Combine(directory, Prefix));
    }
}
