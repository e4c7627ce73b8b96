using Sluice.Boundary.Rules;

namespace Sluice.Build;

/// <summary>The project whose packages are looked at.</summary>
/// <param name="Path">Of its file, absolute.</param>
/// <param name="Root">The folder from which the boundary file's paths count, absolute.</param>
/// <param name="Context">What it is to the product: <c>source</c>, or one of <see cref="BoundaryFileReader.Contexts"/>.</param>
internal sealed record CheckedProject(string Path, string Root, string Context)
{
    public const string Source = "source";

    public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The project's own path, as globs see it.</summary>
    public string RelativePath { get; } = Relative(Root, Path);

    /// <summary>The path of a project that this one refers to, as globs see it.</summary>
    public string RelativePathOf(string referred) =>
        Relative(Root, System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path) ?? "", referred)));

    private static string Relative(string root, string path)
    {
        var from = Parts(root);
        var to = Parts(path);
        var same = 0;
        while (same < from.Length && same < to.Length && from[same] == to[same])
        {
            same++;
        }

        return string.Join("/", Enumerable.Repeat("..", from.Length - same).Concat(to.Skip(same)));
    }

    private static string[] Parts(string path) => path.Replace('\\', '/').Split(['/'], StringSplitOptions.RemoveEmptyEntries);
}
