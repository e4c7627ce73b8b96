namespace Sluice.Testing;

/// <summary>Finds the repository's own files from a test.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Sluice.slnx")) ? directory : Find(Path.GetDirectoryName(directory)!);
}
