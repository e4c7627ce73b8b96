namespace Sluice.Admission.Health;

/// <summary>What a breaker remembers, at one moment; never changes.</summary>
/// <param name="Level">Failures that count, as of <paramref name="At"/>.</param>
/// <param name="At">When something counted last.</param>
internal sealed record BreakerRecord(int Level, DateTimeOffset At)
{
    /// <summary>When it opened last, if it was not closed since.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>A call succeeded since it was open.</summary>
    public bool Recovering { get; init; }

    /// <summary>Attempts that failed so that it counts, ever.</summary>
    public long Failures { get; init; }

    /// <summary>Attempts that succeeded while it was not closed, ever.</summary>
    public long Successes { get; init; }

    /// <summary>Calls that were not let through, ever.</summary>
    public long Refused { get; init; }

    public static BreakerRecord Closed { get; } = new(0, DateTimeOffset.MinValue);

    /// <summary>What is left of it later: one failure is forgotten for each cool-down in which nothing happened.</summary>
    public BreakerRecord After(DateTimeOffset now, TimeSpan coolDown, int most)
    {
        if (Level == 0)
        {
            return this;
        }

        if (now < At)
        {
            // The clock was set back: what is counted from now on cannot be older than now.
            return this with { Level = Math.Min(Level, most), At = now, OpenedAt = OpenedAt > now ? now : OpenedAt };
        }

        var level = Math.Min(Level, most);
        var forgotten = coolDown > TimeSpan.Zero ? (now - At).Ticks / coolDown.Ticks : level;
        return forgotten >= level ? Forgotten()
            : forgotten == 0 && level == Level ? this
            : this with { Level = level - (int)forgotten, At = At + (coolDown * forgotten) };
    }

    /// <summary>Closed, with its totals.</summary>
    public BreakerRecord Forgotten() => Closed with { Failures = Failures, Successes = Successes, Refused = Refused };

    public SavedTarget Saved(TargetKey key) =>
        new()
        {
            Provider = key.Provider,
            Credential = key.Credential,
            Model = key.Model,
            Level = Level,
            At = At,
            OpenedAt = OpenedAt,
            Recovering = Recovering,
            Failures = Failures,
            Successes = Successes,
            Refused = Refused,
        };

    /// <summary>As it was saved; numbers that cannot be are taken for none.</summary>
    public static BreakerRecord Of(SavedTarget saved) =>
        new(Math.Max(saved.Level, 0), saved.At)
        {
            OpenedAt = saved.Level > 0 ? saved.OpenedAt : null,
            Recovering = saved.Level > 0 && saved.Recovering,
            Failures = Math.Max(saved.Failures, 0),
            Successes = Math.Max(saved.Successes, 0),
            Refused = Math.Max(saved.Refused, 0),
        };
}
