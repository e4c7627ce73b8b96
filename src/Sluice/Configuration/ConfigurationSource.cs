using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Configuration;

/// <summary>What a snapshot was compiled from.</summary>
/// <param name="Merged">The configuration with everything it extends, as JSON. References stay references.</param>
/// <param name="Files">The files, the configuration itself first; none for one that is in no file.</param>
/// <param name="Watched">A digest of each file that was looked at, secrets included, by full path. Lives in memory only.</param>
internal sealed record ConfigurationSource(string Merged, ImmutableArray<SourceText> Files, IReadOnlyDictionary<string, string> Watched)
{
    /// <summary>The same for the same texts in the same places.</summary>
    public string Digest { get; } =
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Files.SelectMany(f => new[] { f.Path, f.Text }).Prepend(Merged))))
        );

    /// <summary>The files beside the configuration's own, secrets mostly, that hold something else than before.</summary>
    public IEnumerable<string> SecretsChangedSince(ConfigurationSource before) =>
        Watched
            .Where(w => !Files.Any(f => f.Path == w.Key) && before.Watched.TryGetValue(w.Key, out var digest) && digest != w.Value)
            .Select(w => w.Key);
}

/// <summary>A file of a configuration as it was read.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Text">All of it, comments included.</param>
internal sealed record SourceText(string Path, string Text);
