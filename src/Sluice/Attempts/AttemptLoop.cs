using Sluice.Admission;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Ledger;
using Sluice.Routing;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>The one loop: tries targets in order until one answer is committed. Streams and whole answers take the same way.</summary>
internal sealed class AttemptLoop
{
    /// <summary>How often an output limit is lowered for one target; each budget in the way may ask for it.</summary>
    private const int MostClamps = 3;

    private readonly HttpOpener _opener;
    private readonly RecentExhaustion _exhaustion;
    private readonly RetryBudget _retries;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly WholeOnly _wholeOnly;
    private readonly Entrance _entrance;
    private readonly Hedging _hedging;
    private readonly Affinity _affinity;

    public AttemptLoop(
        PoolAdmission pool,
        HttpOpener opener,
        RecentExhaustion exhaustion,
        RetryBudget retries,
        Affinity affinity,
        TimeProvider time,
        Random random
    )
    {
        (_opener, _exhaustion, _retries, _affinity, _time, _random) = (opener, exhaustion, retries, affinity, time, random);
        _wholeOnly = new WholeOnly(time);
        _entrance = new Entrance(pool, time);
        _hedging = new Hedging(_entrance, opener, _wholeOnly, time);
    }

    /// <param name="asked">Whose policy holds: deadlines, retries, who pays.</param>
    /// <param name="itinerary">Whose targets are tried, and in what order.</param>
    /// <exception cref="RouteExhaustedException">No target answered.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<Committed> RunAsync(
        Call call,
        Route asked,
        Itinerary itinerary,
        ClientRequest request,
        LedgerSettings ledger,
        CancellationToken cancellationToken
    )
    {
        call.TellsDegradations = asked.OnUnsupported != OnUnsupported.Drop;
        var run = new LoopRun(call, asked, request, itinerary, _exhaustion.Seen(call, itinerary.Taken, request), ledger);
        while (run.Next() is { } stop)
        {
            if (Preparing.Of(run, stop, _wholeOnly, _time.GetUtcNow()) is not { } ready)
            {
                continue;
            }

            if (await TryTargetAsync(run, ready, cancellationToken).ConfigureAwait(false) is { } answer)
            {
                if (itinerary.Scatters)
                {
                    _affinity.Note(call, request, answer.Candidate.Target);
                }

                return answer;
            }

            if (run.Stopped)
            {
                break;
            }
        }

        if (run.MayExhaust)
        {
            _exhaustion.Note(call, itinerary.Taken, request);
        }

        throw run.Exhausted();
    }

    private async ValueTask<Committed?> TryTargetAsync(LoopRun run, Prepared ready, CancellationToken cancellationToken)
    {
        var (route, target, prepared) = ready;
        var price = target.Card.PriceAt(_time.GetUtcNow());
        var spent = new HashSet<string>(StringComparer.Ordinal);
        for (var (retries, clamps) = (0, 0); ; retries++)
        {
            var (attempt, refusal) = await _entrance
                .EnterAsync(run, new Prepared(route, target, prepared), spent, beside: null, cancellationToken)
                .ConfigureAwait(false);
            if (attempt is null)
            {
                if (
                    clamps < MostClamps
                    && refusal?.Budget is { } shortage
                    && run.Asked.OnShort.Contains(OnShort.Clamp)
                    && OutputClamp.Of(prepared, target, price, shortage) is { } limit
                )
                {
                    clamps++;
                    prepared = OutputClamp.Apply(run.Request, target, route, prepared, limit, shortage);
                    continue;
                }

                if (refusal is not null && run.WaitFor(refusal, retries, _time) is { } pause)
                {
                    await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                run.Refused(target, refusal);
                return null;
            }

            if (retries == 0)
            {
                _retries.Begin(target.Provider.Name);
            }

            try
            {
                var opening = new Opening(attempt, prepared, run.FirstContent(target));
                var opened = run.MayHedge
                    ? await _hedging.OpenAsync(run, opening, cancellationToken).ConfigureAwait(false)
                    : new Opened(opening, await _opener.OpenAsync(opening, run.Asked.Deadlines).ConfigureAwait(false));
                var continuing = run.MayContinue ? new Continuing(run, _entrance, _opener, _wholeOnly, _time, cancellationToken) : null;
                return opened?.Commit(run, continuing);
            }
            catch (ProviderException failure)
            {
                attempt.Fail(failure);
                attempt.Clock.Dispose();
                run.Failed(target, failure);
                if (failure.CannotStream && prepared.Features.Stream)
                {
                    _wholeOnly.Note(target);
                    prepared = run.Request.Prepare(target, route, whole: true);
                    continue;
                }

                if (PauseBeforeAgain(run, target, spent, attempt.Candidate, failure, retries) is not { } pause)
                {
                    return null;
                }

                await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                if (!attempt.Ended)
                {
                    attempt.Abort();
                }

                attempt.Clock.Dispose();
                throw;
            }
            catch (Exception exception) when (!attempt.Ended)
            {
                // Not foreseen by any wire: the hold must not stay open.
                attempt.Fail(FailureClassifier.Classify(exception));
                attempt.Clock.Dispose();
                throw;
            }
        }
    }

    /// <summary>Whether and after what pause the same target is tried again.</summary>
    private TimeSpan? PauseBeforeAgain(
        LoopRun run,
        Target target,
        HashSet<string> spent,
        Candidate candidate,
        ProviderException failure,
        int retries
    )
    {
        var again = FailurePolicy.Of(failure.Failure).Again;
        if (again is Again.WithAnotherKey or Again.AfterWait && spent.Count + 1 < target.Provider.Credentials.Length)
        {
            spent.Add(candidate.Credential.Id);
            return TimeSpan.Zero;
        }

        if (again is Again.No or Again.WithAnotherKey || retries >= run.Retries)
        {
            return null;
        }

        spent.Clear();
        var backoff = run.Asked.Retry.Backoff * Math.Pow(2, retries) * (0.75 + 0.5 * Draw());
        var pause = run.Pause(again == Again.AfterWait ? failure.RetryAfter ?? backoff : backoff, failure.Failure, _time);
        if (pause is null || _retries.TryRetry(target.Provider.Name))
        {
            return pause;
        }

        run.Call.Record(new Rejection(target.Name, "retries", $"the retries of '{target.Provider.Name}' are used up for the moment"));
        return null;
    }

    /// <summary>Chance is shared by all calls, and a seeded source is not safe for that by itself.</summary>
    private double Draw()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }

    /// <summary>Waits at least <paramref name="pause"/>.</summary>
    /// <remarks>
    /// Timers count whole milliseconds on a coarser clock than the one facts expire by and may fire before it. A call that woke too
    /// early would find its target still cooling down and give up its last retry for it.
    /// </remarks>
    private async ValueTask PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var end = _time.GetUtcNow() + pause;
        while (end - _time.GetUtcNow() is { Ticks: > 0 } left)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _time, cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
