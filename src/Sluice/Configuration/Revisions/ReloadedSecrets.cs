using System.Collections.Immutable;

namespace Sluice.Configuration.Revisions;

/// <summary>Files beside a configuration that hold something else than before: a key that was rotated.</summary>
internal static class ReloadedSecrets
{
    /// <summary>What changed in files that the configuration refers to: that it changed, and not from what to what.</summary>
    public static IReadOnlyList<ConfigurationChange> Between(ConfigurationSource before, ConfigurationSource after) =>
        [.. after.SecretsChangedSince(before).Select(path => new ConfigurationChange($"file:{path}", null, null))];
}
