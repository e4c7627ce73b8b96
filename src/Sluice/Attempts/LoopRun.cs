using Sluice.Admission;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Ledger;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>Where one run of the loop stands: what failed, what follows, how much time is left.</summary>
internal sealed class LoopRun(
    Call call,
    Route asked,
    ClientRequest request,
    Itinerary itinerary,
    bool exhaustedBefore,
    LedgerSettings ledger
)
{
    private static readonly TimeSpan FirstContentWithNext = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstContentAlone = TimeSpan.FromSeconds(120);

    private (Route Route, Target Target)? _beside;
    private (Route Route, Target Target)? _putBack;
    private ProviderException? _failure;
    private BudgetRefusal? _budget;
    private TimeSpan? _retryAfter;
    private string? _unsupported;
    private bool _onlyRateLimited = true;
    private bool _onlyBudget = true;
    private bool _denied;
    private (Route Route, Target Target)? _here;
    private Queue<(Route Route, Target Target)>? _skipped;

    /// <summary>What the target at hand costs, and what the dearest costs that a budget did not let through.</summary>
    private decimal? _rate,
        _passedOver;

    public Call Call { get; } = call;

    public ClientRequest Request { get; } = request;

    /// <summary>The route whose policy holds for the whole call.</summary>
    public Route Asked { get; } = asked;

    public LedgerSettings Ledger { get; } = ledger;

    /// <summary>Whose vectors may stand in for one another, where vectors are asked for.</summary>
    public EmbeddingTargets? Embeddings { get; } = request.Wire?.Kind == WireKind.OpenAiEmbeddings ? new EmbeddingTargets(asked) : null;

    /// <summary>What the last target stood for, tried or not.</summary>
    public FailureClass LastFailure { get; private set; } = FailureClass.Unknown;

    /// <summary>The context window of the last target tried.</summary>
    public int LastWindow { get; private set; }

    /// <summary>No further target may be tried.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Retries of one target; none for a call that was exhausted a moment ago.</summary>
    public int Retries => exhaustedBefore ? 0 : Asked.Retry.Attempts;

    /// <summary>Whether another target would follow the failure of this one.</summary>
    public bool Follows => _putBack is not null || itinerary.Follows(FailureClass.Timeout) || _skipped is { Count: > 0 };

    /// <summary>Whether the next target may be asked beside the one under way: never where one target alone may answer, or may act twice.</summary>
    /// <remarks>Nor where gates read answers: what they do to one must not be told of the other.</remarks>
    public bool MayHedge =>
        Asked.Hedge is not null
        && !exhaustedBefore
        && Asked is { Pinned: false }
        && Request.Features is { ServerTools: false, Stateful: false }
        && !Request.AnswerIsGated
        && Follows;

    /// <summary>What comes after the target that is tried at the moment.</summary>
    public IWayOn WayOn => itinerary;

    /// <summary>Whether the call has tried a target already.</summary>
    public bool HasTried(Target target)
    {
        foreach (var attempt in Call.Attempts)
        {
            if (attempt.Provider == target.Provider.Name && attempt.Model == target.Model)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Every target was tried or refused: those that chance skipped are asked now.</summary>
    public bool LastChance { get; private set; }

    /// <summary>Whether a target that costs less than this one follows and can be asked, and this is not itself the cheaper one taken.</summary>
    public bool CheaperFollows(Target target, DateTimeOffset now)
    {
        _rate = RateOf(target, now);
        if (_rate is not { } rate || rate < _passedOver)
        {
            return false;
        }

        foreach (var other in itinerary.Following(FailureClass.Exhausted))
        {
            if (other.Provider.Missing is null && RateOf(other, now) < rate)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a target costs, for comparing; <see langword="null"/> when nobody knows.</summary>
    private static decimal? RateOf(Target target, DateTimeOffset now) =>
        target.Card.PriceAt(now) is { } price ? price.Input + price.Output : null;

    /// <summary>Whether asking again soon would only multiply what has just failed.</summary>
    public bool MayExhaust => !Stopped && _budget is null;

    /// <summary>Whether the targets that follow may go on with a stream that is cut.</summary>
    public bool MayContinue =>
        Asked is { OnCut: OnCut.Continue, Pinned: false }
        && Request.Features is { Stream: true, Choices: 1, ServerTools: false, Stateful: false }
        && Follows;

    public (Route Route, Target Target)? Next() => _here = TakeBack() ?? itinerary.Advance(LastFailure) ?? NextSkipped();

    /// <summary>The target to be asked beside one that is slow.</summary>
    public (Route Route, Target Target)? NextBeside() => _beside = TakeBack() ?? itinerary.Advance(FailureClass.Timeout);

    /// <summary>The target that was to be asked beside another comes next after all, as an attempt of its own.</summary>
    public void PutBack() => _putBack = _beside;

    private (Route Route, Target Target)? TakeBack()
    {
        var back = _putBack;
        _putBack = null;
        return back;
    }

    public void Reject(Target target, string gate, string reason, FailureClass failure, TimeSpan? retryAfter = null)
    {
        LastFailure = failure;
        _onlyRateLimited &= failure == FailureClass.RateLimited;
        _onlyBudget &= gate is "budget" or "quota";
        Soonest(retryAfter);
        Call.Record(new Rejection(target.Name, gate, reason, retryAfter));
    }

    /// <summary>Why the target is not fit for what is asked while another is.</summary>
    public Misfit? MisfitOf((Route Route, Target Target) stop, DateTimeOffset now) =>
        Fitness.Of(stop.Target, stop.Route, Request, itinerary, now);

    /// <summary>The target cannot do what was asked, and the route wants nothing left out.</summary>
    public void Unsupported(Target target, IReadOnlyList<Degradation> degradations)
    {
        var reason = string.Join("; ", degradations.Select(d => $"{d.Feature}: {d.Action}"));
        _unsupported ??= $"{target.Name} cannot do what was asked: {reason}";
        Reject(target, "unsupported", reason, FailureClass.ModelUnavailable);
    }

    /// <summary>The target embeds not at all, or in another space than the route does.</summary>
    public void Unfit(Target target, string reason)
    {
        if (target.Provider.Address.Embeddings is null)
        {
            _unsupported ??= reason;
        }

        Reject(target, "embedding", reason, FailureClass.ModelUnavailable);
    }

    /// <param name="target">What was not tried.</param>
    /// <param name="refusal">Why; <see langword="null"/> when every key of its pool failed in this call already.</param>
    public void Refused(Target target, Refusal? refusal)
    {
        if (refusal is null)
        {
            return;
        }

        Reject(target, refusal.Gate, refusal.Reason, refusal.Failure, refusal.RetryAfter);
        if (refusal.Skipped && !LastChance && _here is { } here)
        {
            (_skipped ??= []).Enqueue(here);
        }

        Stopped |= refusal.OfCaller;
        _denied |= refusal.Gate == "quota" && refusal.OfCaller;
        if (refusal.Gate == "budget")
        {
            _budget = _budget is null or { Downshift: true } ? refusal.Budget : _budget;
            _passedOver = refusal.Budget is null || _rate < _passedOver ? _passedOver : _rate;
            Stopped = refusal.Budget is not null && !Asked.OnShort.Contains(OnShort.Cheaper);
        }
    }

    public void Failed(Target target, ProviderException failure)
    {
        _failure = failure;
        _onlyBudget = false;
        _onlyRateLimited &= failure.Failure == FailureClass.RateLimited;
        LastFailure = failure.Failure;
        LastWindow = target.Card.ContextWindow;
        Stopped = !FailurePolicy.GoesOn(failure, Asked, Request.Features);
        Soonest(failure.RetryAfter);
    }

    /// <summary>
    /// A target that cools down is waited for when the wait is short or nothing else follows; one that is over a limit of our own, only
    /// when nothing else follows.
    /// </summary>
    public TimeSpan? WaitFor(Refusal refusal, int retries, TimeProvider time) =>
        refusal is { Failure: FailureClass.RateLimited, OfCaller: false, RetryAfter: { } wait }
        && retries < Retries
        && !(refusal.Gate == "limit" && itinerary.Follows(FailureClass.RateLimited))
            ? Pause(wait, FailureClass.RateLimited, time)
            : null;

    /// <summary>The pause, if it is worth it: short enough, or nothing else follows, and it fits the deadline.</summary>
    public TimeSpan? Pause(TimeSpan wait, FailureClass failure, TimeProvider time) =>
        (wait <= Asked.Retry.MaxWait || !itinerary.Follows(failure)) && wait < Left(time) ? wait : null;

    /// <summary>Whether the time of the whole call is up.</summary>
    public bool IsOver(TimeProvider time) => Left(time) == TimeSpan.Zero;

    /// <summary>What is left of the whole call.</summary>
    private TimeSpan Left(TimeProvider time)
    {
        var limit = Call.Deadline is { } own && own < Asked.Deadlines.Call ? own : Asked.Deadlines.Call;
        var left = Call.StartedAt + limit - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>How long a hold may wait for room: what the caller's route allows, within the deadline of the call.</summary>
    public TimeSpan BudgetWait(TimeProvider time) =>
        Asked.BudgetWait == TimeSpan.Zero ? TimeSpan.Zero
        : Left(time) is var left && left < Asked.BudgetWait ? left
        : Asked.BudgetWait;

    /// <summary>How long the next attempt may take: while another target follows it leaves that one time.</summary>
    public TimeSpan AttemptLimit(TimeProvider time)
    {
        var left = Left(time);
        var limit = Asked.Deadlines.Attempt ?? (Follows ? left / 2 : left);
        return limit < left ? limit : left;
    }

    /// <summary>How long the first content of a stream may take.</summary>
    public TimeSpan FirstContent(Target target) =>
        Asked.Deadlines.FirstContent ?? (Follows && !target.Card.Reasoning ? FirstContentWithNext : FirstContentAlone);

    public RouteExhaustedException Exhausted()
    {
        var own = _failure is { Failure: FailureClass.BadRequest or FailureClass.ContextTooLong or FailureClass.Refused } ? _failure : null;
        if (_unsupported is not null && Call.Attempts.Count == 0)
        {
            return new RouteExhaustedException(Call, FailureClass.BadRequest) { Detail = _unsupported };
        }

        var failure =
            own?.Failure
            ?? (Call.Attempts.Count + Call.Rejections.Count > 0 && _onlyRateLimited ? FailureClass.RateLimited : FailureClass.Unknown);
        return new RouteExhaustedException(Call, failure)
        {
            Detail = own?.Detail,
            Status = own?.Status,
            RetryAfter = _retryAfter,
            BudgetRefused =
                Call.Rejections.Count > 0 && Call.Attempts.Count == 0 && (_onlyBudget || _denied || (Stopped && _budget is not null)),
            Budget = _budget,
        };
    }

    private (Route Route, Target Target)? NextSkipped()
    {
        if (_skipped is null || !_skipped.TryDequeue(out var stop))
        {
            return null;
        }

        LastChance = true;
        return stop;
    }

    private void Soonest(TimeSpan? wait)
    {
        if (wait is { } known && (_retryAfter is null || known < _retryAfter))
        {
            _retryAfter = known;
        }
    }
}
