namespace Sluice.Build.Assets;

/// <summary>A package or a project that a restore resolved.</summary>
/// <param name="ProjectPath">Of a project, as the assets file has it: relative to the one that refers to it. Empty for a package.</param>
internal sealed record AssetsLibrary(string Name, string Version, string ProjectPath, IReadOnlyList<string> Dependencies)
{
    public bool IsProject { get; init; }

    /// <summary>As a chain shows it; a project's version says nothing to its reader.</summary>
    public override string ToString() => IsProject ? Name : $"{Name} {Version}";
}
