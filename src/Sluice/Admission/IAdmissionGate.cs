using Sluice.Calls;
using Sluice.Ledger;

namespace Sluice.Admission;

/// <summary>Asked before an attempt, told after it, exactly once: a budget, a cool-down and an exhaustion note are one shape.</summary>
internal interface IAdmissionGate
{
    ValueTask<Admission> EnterAsync(Call call, Candidate candidate, CancellationToken cancellationToken);
}

/// <summary>A granted admission. Settled or returned exactly once, whatever happened.</summary>
internal interface IPermit
{
    /// <summary>Hears how the attempt ended.</summary>
    void Settle(Attempt attempt);

    /// <summary>Hears that the attempt never started because a later gate refused it.</summary>
    void Return();
}

/// <summary>A gate's answer: granted, with a permit if the gate wants to hear the end; or why not.</summary>
internal readonly record struct Admission(IPermit? Permit, Refusal? Refusal)
{
    public static Admission Granted(IPermit? permit = null) => new(permit, null);

    public static Admission Refused(Refusal refusal) => new(null, refusal);
}

/// <summary>Why a gate does not let a candidate through.</summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="Reason">In words that may reach the caller.</param>
/// <param name="Failure">The failure it stands for; decides what follows.</param>
internal sealed record Refusal(string Gate, string Reason, FailureClass Failure)
{
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>It is about the caller himself: no other target would help.</summary>
    public bool OfCaller { get; init; }

    /// <summary>Chance skipped a target that would do: where nothing else answers it may still be asked.</summary>
    public bool Skipped { get; init; }

    /// <summary>The budget that has not enough left; a refusal without one is about the target.</summary>
    public BudgetRefusal? Budget { get; init; }
}
