namespace Sluice.Configuration.Revisions;

/// <summary>Who brought a configuration into force, and why.</summary>
/// <param name="Who">A person or program as it named itself, or what happened.</param>
/// <param name="Because">The reason that was given; <see langword="null"/> where none was.</param>
internal sealed record ReloadCause(string Who, string? Because = null)
{
    public static readonly ReloadCause Unknown = new("unknown");
    public static readonly ReloadCause Start = new("start");

    /// <summary>A file holds something else: whoever owns it is the nearest to who wrote it that can be known.</summary>
    public static ReloadCause FileChange(string file) => FileOwner.Of(file) is { } owner ? new(owner, Change) : new(Change);

    private const string Change = "file change";
}
