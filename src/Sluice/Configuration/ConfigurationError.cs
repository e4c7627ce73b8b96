namespace Sluice.Configuration;

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="Path">Where: <c>routes.claude.targets[1]</c>.</param>
/// <param name="Problem">What is wrong, with the value.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record ConfigurationError(string Path, string Problem, string Cure)
{
    /// <summary>All three on one line.</summary>
    public override string ToString() => (Path.Length == 0 ? Problem : $"{Path}: {Problem}") + (Cure.Length == 0 ? "" : $"; {Cure}");
}

/// <summary>A configuration cannot be used. Lists everything that is wrong with it; no secret is in the text.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>Every error that was found.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;

    /// <summary>What was read until then: a digest by file.</summary>
    internal IReadOnlyDictionary<string, string>? Watched { get; set; }
}
