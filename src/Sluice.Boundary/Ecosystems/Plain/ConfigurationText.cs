namespace Sluice.Boundary.Ecosystems.Plain;

/// <summary>Configuration that a program loads: a name and a value to a line, in whatever form.</summary>
internal sealed class ConfigurationText : ILanguage
{
    private static readonly string[] Extensions =
    [
        ".json",
        ".jsonc",
        ".json5",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".cfg",
        ".conf",
        ".config",
        ".properties",
        ".xml",
        ".tf",
        ".tfvars",
        ".env",
        ".sh",
        ".bash",
    ];

    private static readonly char[] Separators = ['=', ':'];

    public string Ecosystem => "";

    public bool Reads(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return !IsLockFile(name)
            && (
                name.StartsWith(".env", StringComparison.Ordinal)
                || name is "Dockerfile" or "Makefile"
                || Array.Exists(Extensions, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase))
            );
    }

    public void Read(string path, string text, ICollection<Mention> mentions)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] is '#' or ';' || trimmed.StartsWith("//") || trimmed.StartsWith("<!--"))
            {
                continue;
            }

            var separator = trimmed.IndexOfAny(Separators);
            var name = separator > 0 ? trimmed[..separator].Trim(" \t\"'-").ToString() : null;
            var value = separator > 0 && !trimmed[separator..].StartsWith("://") ? trimmed[(separator + 1)..].Trim(" \t\"',;") : trimmed;
            if (value.Length > 0)
            {
                mentions.Add(new Mention(MentionKind.Text, value.ToString(), number, name));
            }
        }
    }

    /// <summary>They name where packages were fetched from, which calls nobody.</summary>
    private static bool IsLockFile(string name) =>
        name is "package-lock.json" or "npm-shrinkwrap.json" or "packages.lock.json" or "pnpm-lock.yaml"
        || name.EndsWith(".lock", StringComparison.Ordinal);
}
