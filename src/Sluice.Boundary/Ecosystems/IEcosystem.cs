using Sluice.Boundary.Files;

namespace Sluice.Boundary.Ecosystems;

/// <summary>One kind of manifests and lock files.</summary>
internal interface IEcosystem
{
    /// <summary>One of <see cref="Rules.Ecosystem"/>.</summary>
    string Name { get; }

    /// <summary>A dependency by the name of a unit of the repository is that unit, although the manifest does not say so.</summary>
    bool UnitsAnswerToTheirNames => true;

    bool IsManifest(string path);

    bool IsLockFile(string path);

    /// <summary>The units of all manifests of a repository: some say only together what a unit depends on. Broken ones become problems.</summary>
    IReadOnlyList<Unit> ReadManifests(IReadOnlyList<ManifestText> manifests, ICollection<Problem> problems);

    /// <summary>Null where the file is broken, which becomes a problem, or says nothing of who brings in whom.</summary>
    /// <param name="units">Those of the ecosystem: some lock files do not say who asks for what is in them.</param>
    LockFile? ReadLockFile(ManifestText file, IReadOnlyList<Unit> units, ICollection<Problem> problems);

    /// <summary>Modules of the repository's own that source may name like a package.</summary>
    IReadOnlySet<string> OwnModules(IReadOnlyList<RepositoryFile> files);
}

/// <param name="Path">Relative to the repository.</param>
internal readonly record struct ManifestText(string Path, string Text);

/// <summary>A language and what its source says.</summary>
internal interface ILanguage
{
    /// <summary>One of <see cref="Rules.Ecosystem"/>, or empty for text that has hosts and bindings only.</summary>
    string Ecosystem { get; }

    bool Reads(string path);

    /// <summary>Everything in code and strings that a rule may know; comments say nothing.</summary>
    void Read(string path, string text, ICollection<Mention> mentions);
}
