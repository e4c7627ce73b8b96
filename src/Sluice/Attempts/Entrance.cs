using Sluice.Admission;
using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Attempts;

/// <summary>Where an attempt begins: the worst case is held, every gate is asked, and its clock starts.</summary>
internal sealed class Entrance(PoolAdmission pool, TimeProvider time)
{
    private readonly TokenRatios _ratios = new();

    /// <param name="run">The call so far.</param>
    /// <param name="ready">Who would be asked what.</param>
    /// <param name="spent">Keys of the pool that are not to be used.</param>
    /// <param name="beside">The attempt that is under way meanwhile; one beside it waits for no budget.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The attempt; or why not, <see langword="null"/> as well when every key is spent.</returns>
    public async ValueTask<(RunningAttempt? Attempt, Refusal? Refusal)> EnterAsync(
        LoopRun run,
        Prepared ready,
        IReadOnlySet<string> spent,
        RunningAttempt? beside,
        CancellationToken cancellationToken
    )
    {
        var (route, target, prepared) = ready;
        var price = target.Card.PriceAt(time.GetUtcNow());
        var bounds = HoldBounds.Of(prepared.Features, target.Card, prepared.Body.Length, prepared.OutputLimit, route.ServerToolRounds);
        var worst = price is null ? (Credits?)null : bounds.At(price);
        var number = run.Call.Attempts.Count + (beside is null ? 1 : 2);
        var offer = new Candidate(route, target, target.Provider.Credentials[0], number, worst)
        {
            Tokens = (long)Math.Min(bounds.InputTokens + bounds.OutputTokens, long.MaxValue),
            CheaperFollows = run.CheaperFollows(target, time.GetUtcNow()),
            BudgetWait = beside is null ? run.BudgetWait(time) : TimeSpan.Zero,
            Beside = beside is null ? null : (beside.Hold, beside.Candidate.Tokens),
            WayOn = run.WayOn,
            Again = run.HasTried(target),
            LastChance = run.LastChance,
        };
        var (permits, candidate, refusal) = await pool.EnterAsync(run.Call, offer, spent, cancellationToken).ConfigureAwait(false);
        if (permits is null)
        {
            return (null, refusal);
        }

        var clock = new AttemptClock(time, run.AttemptLimit(time), cancellationToken);
        return (
            new RunningAttempt(
                run.Call,
                candidate!,
                permits,
                price ?? Price.Free,
                bounds,
                worst ?? Credits.Zero,
                run.Ledger.OnUnknown,
                clock,
                _ratios
            ),
            null
        );
    }
}
