using System.Collections.Frozen;
using Sluice.Calls;
using Sluice.Routing;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>Opens an answer and, where no content comes for a while, asks the next target as well: the first to commit wins.</summary>
/// <remarks>
/// One flow of control drives both: it waits for either, and only then does it write to the call. The loser is cancelled and booked
/// before the winner is handed over. A hedge waits for no budget and is never tried again beside the other; it comes next as an attempt
/// of its own where it failed in a way that is tried again, or was not let in.
/// </remarks>
internal sealed class Hedging(Entrance entrance, HttpOpener opener, WholeOnly wholeOnly, TimeProvider time)
{
    private const string Lost = "another target answered first";

    /// <returns>The winner; <see langword="null"/> when both failed, which are then booked.</returns>
    /// <exception cref="ProviderException">The first failed and no hedge is under way; it is not booked yet.</exception>
    /// <exception cref="OperationCanceledException">The caller went away; the first may be booked, a hedge is.</exception>
    public async ValueTask<Opened?> OpenAsync(LoopRun run, Opening first, CancellationToken cancellationToken)
    {
        var opening = Open(run, first);
        if (
            await IsSlowAsync(opening, run.Asked.Hedge!.Value).ConfigureAwait(false)
            && await StartAsync(run, first.Attempt, opening, cancellationToken).ConfigureAwait(false) is { } hedge
        )
        {
            return await RaceAsync(run, first, opening, hedge, cancellationToken).ConfigureAwait(false);
        }

        return new Opened(first, await opening.ConfigureAwait(false));
    }

    private Task<Answer> Open(LoopRun run, Opening opening) => opener.OpenAsync(opening, run.Asked.Deadlines).AsTask();

    private async ValueTask<bool> IsSlowAsync(Task<Answer> opening, TimeSpan after)
    {
        using var over = new CancellationTokenSource();
        await Task.WhenAny(opening, Task.Delay(after, time, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        return !opening.IsCompleted;
    }

    /// <summary>Lets the next target in that can be asked, unless the first is there before.</summary>
    private async ValueTask<Opening?> StartAsync(
        LoopRun run,
        RunningAttempt first,
        Task<Answer> opening,
        CancellationToken cancellationToken
    )
    {
        while (run.NextBeside() is var (route, target))
        {
            if (Ready(run, route, target) is not { } ready)
            {
                continue;
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var entering = entrance.EnterAsync(run, ready, FrozenSet<string>.Empty, first, over.Token).AsTask();
            if (await Task.WhenAny(opening, entering).ConfigureAwait(false) == opening)
            {
                await over.CancelAsync().ConfigureAwait(false);
            }

            try
            {
                var (attempt, refusal) = await entering.ConfigureAwait(false);
                if (attempt is not null && !opening.IsCompleted)
                {
                    return new Opening(attempt, ready.Request, run.FirstContent(target));
                }

                attempt?.Withdraw();
                if (refusal is not null)
                {
                    run.Call.Record(new Rejection(target.Name, refusal.Gate, $"no hedge: {refusal.Reason}", refusal.RetryAfter));
                }
            }
            catch (OperationCanceledException)
            {
                // The first is there, or nobody waits any more: waiting for the first tells which.
            }

            run.PutBack();
            return null;
        }

        return null;
    }

    /// <returns><see langword="null"/> when the target cannot be asked for this, which is recorded.</returns>
    private Prepared? Ready(LoopRun run, Route route, Target target)
    {
        try
        {
            return Preparing.Of(run, (route, target), wholeOnly, time.GetUtcNow());
        }
        catch (RequestException exception)
        {
            run.Reject(target, "unsupported", exception.Message, FailureClass.BadRequest);
            return null;
        }
    }

    private async ValueTask<Opened?> RaceAsync(
        LoopRun run,
        Opening first,
        Task<Answer> opening,
        Opening hedge,
        CancellationToken cancellationToken
    )
    {
        first.Attempt.Hedged = hedge.Attempt.Hedged = true;
        var hedging = Open(run, hedge);
        await Task.WhenAny(opening, hedging).ConfigureAwait(false);
        if (opening.IsCompletedSuccessfully)
        {
            await LeaveAsync(hedge.Attempt, hedging, Lost).ConfigureAwait(false);
            return new Opened(first, await opening.ConfigureAwait(false));
        }

        if (hedging.IsCompletedSuccessfully && !opening.IsCompleted)
        {
            await LeaveAsync(first.Attempt, opening, Lost).ConfigureAwait(false);
            return new Opened(hedge, await hedging.ConfigureAwait(false));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            await LeaveAsync(hedge.Attempt, hedging).ConfigureAwait(false);
            return new Opened(first, await opening.ConfigureAwait(false));
        }

        if (!opening.IsCompleted)
        {
            Book(run, hedge, FailureOf(hedging));
            return new Opened(first, await opening.ConfigureAwait(false));
        }

        var failure = FailureOf(opening);
        if (!FailurePolicy.GoesOn(failure, run.Asked, run.Request.Features))
        {
            // What the policy does not ask elsewhere after this failure is not asked elsewhere because it began before it.
            await LeaveAsync(hedge.Attempt, hedging, "the call ended with the failure of another target").ConfigureAwait(false);
            throw failure;
        }

        first.Attempt.Fail(failure);
        first.Attempt.Clock.Dispose();
        run.Failed(first.Attempt.Candidate.Target, failure);
        return await AloneAsync(run, hedge, hedging).ConfigureAwait(false);
    }

    /// <summary>The first has failed: the hedge is the attempt now.</summary>
    private async ValueTask<Opened?> AloneAsync(LoopRun run, Opening hedge, Task<Answer> hedging)
    {
        try
        {
            return new Opened(hedge, await hedging.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            hedge.Attempt.Abort();
            hedge.Attempt.Clock.Dispose();
            throw;
        }
        catch (Exception exception)
        {
            Book(run, hedge, exception as ProviderException ?? FailureClassifier.Classify(exception));
            return null;
        }
    }

    private void Book(LoopRun run, Opening hedge, ProviderException failure)
    {
        var target = hedge.Attempt.Candidate.Target;
        hedge.Attempt.Fail(failure);
        hedge.Attempt.Clock.Dispose();
        run.Failed(target, failure);
        if (failure.CannotStream)
        {
            wholeOnly.Note(target);
        }

        if (failure.CannotStream || FailurePolicy.Of(failure.Failure).Again != Again.No)
        {
            run.PutBack();
        }
    }

    /// <summary>Cancels an attempt nobody waits for, and books what it may have cost.</summary>
    private static async ValueTask LeaveAsync(RunningAttempt attempt, Task<Answer> opening, string reason = "the caller went away")
    {
        var failed = opening.IsFaulted ? FailureOf(opening) : null;
        attempt.Clock.Abandon();
        try
        {
            var answer = await opening.ConfigureAwait(false);
            attempt.Abort(answer, reason);
            await answer.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ProviderException or OperationCanceledException)
        {
            if (failed is not null)
            {
                attempt.Fail(failed);
            }
            else
            {
                attempt.Abort(reason: reason);
            }
        }
        finally
        {
            attempt.Clock.Dispose();
        }
    }

    private static ProviderException FailureOf(Task<Answer> opening) =>
        opening.Exception?.InnerException is { } exception
            ? exception as ProviderException ?? FailureClassifier.Classify(exception)
            : FailureClassifier.Classify(new OperationCanceledException());
}
