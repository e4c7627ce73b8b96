using Sluice.Admission;
using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>An attempt under way; ended exactly once, which books it and tells every gate.</summary>
internal sealed class RunningAttempt(
    Call call,
    Candidate candidate,
    Permits permits,
    Price price,
    HoldBounds bounds,
    Credits hold,
    OnUnknown onUnknown,
    AttemptClock clock,
    TokenRatios ratios
)
{
    public bool Ended { get; private set; }

    public Candidate Candidate => candidate;

    public AttemptClock Clock => clock;

    public Credits Hold => hold;

    /// <summary>Whether another attempt was under way beside it.</summary>
    public bool Hedged { get; set; }

    /// <summary>The answer is whole.</summary>
    public void Complete(Answer answer) => End(AttemptOutcome.Completed, null, answer.Status, answer.Facts, answer.TimeToFirstContent);

    /// <summary>Nothing had reached the caller yet.</summary>
    public void Fail(ProviderException failure) => End(AttemptOutcome.Failed, failure, failure.Status, null, null);

    /// <summary>Content had reached the caller.</summary>
    public void CutOff(Answer answer, ProviderException failure) =>
        End(AttemptOutcome.Cut, failure, answer.Status, answer.Facts, answer.TimeToFirstContent);

    /// <summary>Nobody waits for it any more: the caller went away, or for another <paramref name="reason"/>.</summary>
    public void Abort(Answer? answer = null, string reason = "the caller went away") =>
        End(AttemptOutcome.Aborted, null, answer?.Status, answer?.Facts, answer?.TimeToFirstContent, reason);

    /// <summary>It was let in and never started.</summary>
    public void Withdraw()
    {
        Ended = true;
        clock.Dispose();
        permits.Return();
    }

    private void End(
        AttemptOutcome outcome,
        ProviderException? failure,
        int? status,
        AnswerObserver? facts,
        TimeSpan? firstContent,
        string? reason = null
    )
    {
        Ended = true;
        var booked = new AttemptFacts
        {
            // A denied answer that is whole is paid for as one that was handed over.
            Outcome = failure?.Denial is { Whole: true } ? AttemptOutcome.Completed : outcome,
            Sent = failure?.Sent ?? true,
            Status = status,
            Usage = facts?.Usage ?? failure?.Usage,
            WorksOn = facts?.WorksOn ?? false,
            ContentBytes = facts?.ContentBytes ?? failure?.Denial?.ContentBytes ?? 0,
            BytesPerToken = ratios.Of(candidate.Target.Model),
        };
        var (cost, usage) = Settling.Of(booked, candidate.Target.Card, price, bounds, hold, onUnknown);
        if (outcome == AttemptOutcome.Completed)
        {
            ratios.Learn(candidate.Target.Model, booked.ContentBytes, usage);
        }

        var attempt = new Attempt
        {
            Number = candidate.Number,
            Route = candidate.Route.Name,
            Provider = candidate.Target.Provider.Name,
            Model = candidate.Target.Model,
            Credential = candidate.Credential.Id,
            StartedAt = clock.StartedAt,
            Duration = clock.Elapsed,
            TimeToFirstContent = firstContent,
            Outcome = outcome,
            Failure = failure?.Failure ?? (outcome == AttemptOutcome.Aborted ? FailureClass.Cancelled : null),
            Reason = failure?.Message ?? reason,
            RetryAfter = failure?.RetryAfter,
            Status = status,
            Hedged = Hedged,
            SkippedFrames = facts?.MalformedFrames ?? 0,
            FinishReason = facts?.FinishReason,
            Usage = usage,
            Hold = hold,
            Cost = cost,
        };
        call.Record(attempt);
        permits.Settle(attempt);
    }
}
