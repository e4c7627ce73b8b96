using Sluice.Admission.Health;
using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>Something known until it expires.</summary>
internal sealed record Fact(FailureClass Failure, string Reason, DateTimeOffset LearnedAt, DateTimeOffset Until)
{
    /// <summary>Of two of the same moment the one that holds longer is kept.</summary>
    public bool IsNewerThan(Fact other) => LearnedAt > other.LearnedAt || (LearnedAt == other.LearnedAt && Until > other.Until);

    public SavedFact Saved(FactKey key) =>
        new()
        {
            Provider = key.Provider,
            Credential = key.Credential,
            Model = key.Model,
            Failure = Failure,
            Reason = Reason,
            LearnedAt = LearnedAt,
            Until = Until,
        };

    public static Fact Of(SavedFact saved) => new(saved.Failure, saved.Reason ?? "", saved.LearnedAt, saved.Until);
}
