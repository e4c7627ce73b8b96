namespace Sluice.Cli.Scenarios;

/// <summary>The scenarios that ship inside the tool.</summary>
internal static class BuiltinScenarios
{
    private const string Prefix = "scenarios/";

    /// <summary>The sets there are.</summary>
    public static IReadOnlyList<string> Sets { get; } =
    [
        .. typeof(BuiltinScenarios)
            .Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(n => n.Split('/')[1])
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Writes a set, or all of them, to a directory.</summary>
    /// <returns>The directory of the set.</returns>
    public static string Write(string set, string directory)
    {
        var assembly = typeof(BuiltinScenarios).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix + set + "/", StringComparison.Ordinal)))
        {
            var path = Path.Combine(directory, name[Prefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var from = assembly.GetManifestResourceStream(name)!;
            using var to = File.Create(path);
            from.CopyTo(to);
        }

        return Path.Combine(directory, set);
    }
}
