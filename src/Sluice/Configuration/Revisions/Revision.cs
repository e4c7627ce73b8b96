using System.Collections.Immutable;

namespace Sluice.Configuration.Revisions;

/// <summary>A configuration that was in force, or was refused: who, when, and what changed. Holds no secret.</summary>
internal sealed record Revision
{
    /// <summary>Counts up, over restarts too; the revision in receipts is this one.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ReloadCause Cause { get; init; }

    /// <summary>What differs from the revision that was in force before.</summary>
    public ImmutableArray<ConfigurationChange> Changes { get; init; } = [];

    /// <summary>Why it was refused; empty for one that came into force.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    /// <summary>The configuration with everything it extends, as JSON; empty for one that was refused.</summary>
    public string Merged { get; init; } = "";

    /// <summary>The texts it was read from; none for one that was refused, which may have a key written out, or was in no file.</summary>
    public ImmutableArray<SourceText> Files { get; init; } = [];

    /// <summary>Tells whether something else is this revision, although a text of it was masked.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Whether something that looks like a secret was left out of the texts, which cannot be put back then.</summary>
    public bool Masked { get; init; }

    public bool Refused => !Errors.IsEmpty;
}
