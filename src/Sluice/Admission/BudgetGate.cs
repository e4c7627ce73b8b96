using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Admission;

/// <summary>Holds the worst case of an attempt on the ledger before it starts and settles it after.</summary>
internal sealed class BudgetGate(LedgerBook ledger, TimeProvider time) : IAdmissionGate
{
    private const string Name = "budget";

    public ValueTask<Admission> EnterAsync(Call call, Candidate candidate, CancellationToken cancellationToken)
    {
        var wanted = Wanted(call, candidate, time.GetUtcNow());
        if (candidate.WorstCase is null && ledger.LimitsMoney(wanted))
        {
            return ValueTask.FromResult(Admission.Refused(Refuse(NoPrice(candidate), null)));
        }

        try
        {
            if (candidate.BudgetWait > TimeSpan.Zero)
            {
                return WaitAsync(wanted, TermsOf(call, candidate), cancellationToken);
            }

            var (hold, refusal) = ledger.TryHold(wanted, TermsOf(call, candidate));
            return ValueTask.FromResult(
                hold is null ? Admission.Refused(Refuse(refusal!.Reason, refusal)) : Admission.Granted(new Held(ledger, hold, time))
            );
        }
        catch (LedgerException exception)
        {
            return ValueTask.FromResult(Closed(exception));
        }
    }

    private async ValueTask<Admission> WaitAsync(HoldRecord wanted, HoldTerms terms, CancellationToken cancellationToken)
    {
        try
        {
            var (hold, refusal) = await ledger.HoldAsync(wanted, terms, cancellationToken).ConfigureAwait(false);
            return hold is null ? Admission.Refused(Refuse(refusal!.Reason, refusal)) : Admission.Granted(new Held(ledger, hold, time));
        }
        catch (LedgerException exception)
        {
            return Closed(exception);
        }
    }

    private static Admission Closed(LedgerException exception) =>
        Admission.Refused(new Refusal("ledger", exception.Message, FailureClass.Unknown) { RetryAfter = TimeSpan.FromSeconds(1) });

    private static HoldTerms TermsOf(Call call, Candidate candidate)
    {
        var (cost, tokens) = (0L, 0L);
        foreach (var attempt in call.Attempts)
        {
            cost += attempt.Cost.Nano;
            tokens += attempt.Usage.InputTokens + attempt.Usage.OutputTokens;
        }

        var underWay = 0;
        if (candidate.Beside is var (worst, mostTokens))
        {
            (cost, tokens, underWay) = (cost + worst.Nano, tokens + mostTokens, 1);
        }

        return new HoldTerms
        {
            CheaperFollows = candidate.CheaperFollows,
            SpentInCall = cost,
            TokensInCall = tokens,
            AttemptsInCall = call.Attempts.Count + underWay,
            Wait = candidate.BudgetWait,
        };
    }

    /// <summary>Why it would not let the candidate through at this moment; nothing comes of asking.</summary>
    public Refusal? Peek(Call call, Candidate candidate)
    {
        var wanted = Wanted(call, candidate, time.GetUtcNow());
        return candidate.WorstCase is null && ledger.LimitsMoney(wanted) ? Refuse(NoPrice(candidate), null)
            : ledger.Peek(wanted, TermsOf(call, candidate)) is { } refusal ? Refuse(refusal.Reason, refusal)
            : null;
    }

    private static string NoPrice(Candidate candidate) =>
        $"no price is known for {candidate.Target.Name}, and a hard budget applies; {candidate.PriceIsSaid}, or the budget \"unknownPrice\": \"allow\"";

    /// <summary>What is to be held for an attempt.</summary>
    public static HoldRecord Wanted(Call call, Candidate candidate, DateTimeOffset now) =>
        HoldRecord.Of(call, now) with
        {
            Attempt = candidate.Number,
            Route = candidate.Route.Name,
            Provider = candidate.Target.Provider.Name,
            Model = candidate.Target.Model,
            Credential = candidate.Credential.Id,
            Why = call.Redirection?.ToString() ?? "",
            Amount = candidate.WorstCase ?? Credits.Zero,
            Tokens = candidate.Tokens,
        };

    private static Refusal Refuse(string reason, BudgetRefusal? refusal) =>
        refusal is { IsRate: true }
            ? new Refusal("limit", reason, FailureClass.RateLimited) { RetryAfter = refusal.RoomIn, OfCaller = !refusal.OfProvider }
            : new Refusal(Name, reason, FailureClass.Exhausted)
            {
                Budget = refusal,
                RetryAfter = refusal is { MayFitLater: true } ? TimeSpan.FromSeconds(1) : null,
            };

    private sealed class Held(LedgerBook ledger, HoldRecord hold, TimeProvider time) : IPermit
    {
        public void Settle(Attempt attempt) =>
            ledger.Settle(
                new SettlementRecord
                {
                    HoldId = hold.Id,
                    At = time.GetUtcNow(),
                    Outcome = (EntryOutcome)attempt.Outcome,
                    Failure = attempt.Failure,
                    Status = attempt.Status,
                    Usage = attempt.Usage,
                    Cost = attempt.Cost,
                    Duration = attempt.Duration,
                    TimeToFirstContent = attempt.TimeToFirstContent,
                }
            );

        public void Return() => ledger.Settle(SettlementRecord.Unsent(hold, time.GetUtcNow()));
    }
}
