using Sluice.Admission;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Routing;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>The one loop: tries targets in order until one answer is committed. Streams and whole answers take the same way.</summary>
internal sealed class AttemptLoop(Gates gates, HttpOpener opener, RecentExhaustion exhaustion, TimeProvider time, Random random)
{
    private static readonly TimeSpan FirstContentWithNext = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstContentAlone = TimeSpan.FromSeconds(120);

    /// <summary>How often an output limit is lowered for one target; each budget in the way may ask for it.</summary>
    private const int MostClamps = 3;

    private readonly WholeOnly _wholeOnly = new(time);
    private readonly TokenRatios _ratios = new();

    /// <exception cref="RouteExhaustedException">No target answered.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<Committed> RunAsync(
        Call call,
        Route asked,
        RouteTable table,
        ClientRequest request,
        LedgerSettings ledger,
        CancellationToken cancellationToken
    )
    {
        call.TellsDegradations = asked.OnUnsupported != OnUnsupported.Drop;
        var embeddings = request.Wire?.Kind == WireKind.OpenAiEmbeddings ? new EmbeddingTargets(asked) : null;
        var run = new LoopRun(call, asked, request, new Itinerary(asked, table), exhaustion.Seen(call, request));
        while (run.Next() is { } stop)
        {
            if (embeddings?.Refuse(stop.Target) is { } unfit)
            {
                run.Unfit(stop.Target, unfit);
                continue;
            }

            if (stop.Target.Provider.Missing is { } missing)
            {
                run.Reject(stop.Target, "credential", missing, FailureClass.Credential);
                continue;
            }

            if (run.LastFailure == FailureClass.ContextTooLong && stop.Target.Card.ContextWindow <= run.LastWindow)
            {
                run.Reject(stop.Target, "context", "its context window is not larger", FailureClass.ContextTooLong);
                continue;
            }

            var target = embeddings is null ? stop.Target : EmbeddingTargets.Of(stop.Target);
            var prepared = request.Prepare(target, stop.Route, whole: _wholeOnly.Knows(target));
            if (asked.OnUnsupported == OnUnsupported.Error && prepared.Degradations.Count > 0)
            {
                run.Unsupported(stop.Target, prepared.Degradations);
                continue;
            }

            if (await TryTargetAsync(run, stop.Route, target, prepared, ledger, cancellationToken).ConfigureAwait(false) is { } answer)
            {
                return answer;
            }

            if (run.Stopped)
            {
                break;
            }
        }

        if (run.MayExhaust)
        {
            exhaustion.Note(call, request);
        }

        throw run.Exhausted();
    }

    private async ValueTask<Committed?> TryTargetAsync(
        LoopRun run,
        Route route,
        Target target,
        PreparedRequest prepared,
        LedgerSettings ledger,
        CancellationToken cancellationToken
    )
    {
        var price = target.Card.PriceAt(time.GetUtcNow());
        var spent = new HashSet<string>(StringComparer.Ordinal);
        for (var (retries, clamps) = (0, 0); ; retries++)
        {
            var bounds = HoldBounds.Of(prepared.Features, target.Card, prepared.Body.Length, prepared.OutputLimit, route.ServerToolRounds);
            var worst = price is null ? (Credits?)null : bounds.At(price);
            var offer = new Candidate(route, target, target.Provider.Credentials[0], run.Call.Attempts.Count + 1, worst)
            {
                Tokens = (long)Math.Min(bounds.InputTokens + bounds.OutputTokens, long.MaxValue),
                CheaperFollows = run.CheaperFollows(target, time.GetUtcNow()),
                BudgetWait = run.BudgetWait(time),
            };
            var (permits, candidate, refusal) = await AdmitAsync(run, offer, spent, cancellationToken).ConfigureAwait(false);
            if (permits is null)
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

                if (refusal is not null && run.WaitFor(refusal, retries, time) is { } pause)
                {
                    await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                run.Refused(target, refusal);
                return null;
            }

            var clock = new AttemptClock(time, run.AttemptLimit(time), cancellationToken);
            var attempt = new RunningAttempt(
                run.Call,
                candidate!,
                permits,
                price ?? Price.Free,
                bounds,
                worst ?? Credits.Zero,
                ledger.OnUnknown,
                clock,
                _ratios
            );
            try
            {
                var firstContent = FirstContent(run, target);
                var answer = await opener.OpenAsync(candidate!, prepared, run.Asked.Deadlines, firstContent, clock).ConfigureAwait(false);
                run.Call.Degrade(prepared.Degradations);
                run.Call.OutputLimitSet = run.Request.Features.OutputLimit == prepared.OutputLimit ? null : prepared.OutputLimit;
                return new Committed(run.Call, answer, attempt);
            }
            catch (ProviderException failure)
            {
                attempt.Fail(failure);
                clock.Dispose();
                run.Failed(target, failure);
                if (failure.CannotStream && prepared.Features.Stream)
                {
                    _wholeOnly.Note(target);
                    prepared = run.Request.Prepare(target, route, whole: true);
                    continue;
                }

                if (PauseBeforeAgain(run, target, spent, candidate!, failure, retries) is not { } pause)
                {
                    return null;
                }

                await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                attempt.Abort();
                clock.Dispose();
                throw;
            }
            catch (Exception exception)
            {
                // Not foreseen by any wire: the hold must not stay open.
                attempt.Fail(FailureClassifier.Classify(exception));
                clock.Dispose();
                throw;
            }
        }
    }

    /// <summary>The pool's first credential that all gates let through.</summary>
    private async ValueTask<(Permits?, Candidate?, Refusal?)> AdmitAsync(
        LoopRun run,
        Candidate offer,
        HashSet<string> spent,
        CancellationToken cancellationToken
    )
    {
        Refusal? last = null;
        foreach (var credential in offer.Target.Provider.Credentials)
        {
            if (spent.Contains(credential.Id))
            {
                continue;
            }

            var candidate = offer with { Credential = credential };
            var (permits, refusal) = await gates.EnterAsync(run.Call, candidate, cancellationToken).ConfigureAwait(false);
            if (permits is not null)
            {
                return (permits, candidate, null);
            }

            last = refusal;
            if (refusal!.Budget is not null || refusal.OfCaller)
            {
                break;
            }
        }

        return (null, null, last);
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
        var backoff = run.Asked.Retry.Backoff * Math.Pow(2, retries) * (0.75 + 0.5 * random.NextDouble());
        return run.Pause(again == Again.AfterWait ? failure.RetryAfter ?? backoff : backoff, failure.Failure, time);
    }

    /// <summary>Waits at least <paramref name="pause"/>.</summary>
    /// <remarks>
    /// Timers count whole milliseconds on a coarser clock than the one facts expire by and may fire before it. A call that woke too
    /// early would find its target still cooling down and give up its last retry for it.
    /// </remarks>
    private async ValueTask PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + pause;
        while (end - time.GetUtcNow() is { Ticks: > 0 } left)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private static TimeSpan FirstContent(LoopRun run, Target target) =>
        run.Asked.Deadlines.FirstContent ?? (run.Follows && !target.Card.Reasoning ? FirstContentWithNext : FirstContentAlone);
}
