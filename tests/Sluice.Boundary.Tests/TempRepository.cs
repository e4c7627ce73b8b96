using Sluice.Boundary.Rules;
using Sluice.Testing;

namespace Sluice.Boundary.Tests;

/// <summary>A repository that a test writes, and the check of it.</summary>
internal sealed class TempRepository : IDisposable
{
    private readonly TempDirectory directory = new();

    /// <param name="files">Paths and what stands in them.</param>
    public TempRepository(params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            Write(path, text);
        }
    }

    public string Root => directory.Path;

    public void Write(string path, string text)
    {
        var full = FullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public string FullPath(string path) => Path.Combine(Root, path);

    public CheckReport Check() => BoundaryCheck.Run(Root, ShippedRules.Read(), TestContext.Current.CancellationToken);

    /// <summary>Findings as <c>file:line kind what</c>.</summary>
    public IReadOnlyList<string> Found() => [.. Check().Findings.Select(f => $"{f.File}:{f.Line} {f.Kind} {f.What}")];

    /// <summary>Every message of the error that the boundary file is.</summary>
    public IReadOnlyList<string> Errors() => [.. Should.Throw<BoundaryException>(Check).Errors.Select(e => e.ToString())];

    public void Dispose() => directory.Dispose();
}
