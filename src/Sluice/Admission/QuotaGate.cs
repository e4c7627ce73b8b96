using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>Asks an outside authority before an attempt and tells it after. What it denies is one tenant's affair and touches nobody else.</summary>
/// <param name="authority">The authority of the moment; <see langword="null"/> when there is none.</param>
/// <param name="records">Takes what attempts became.</param>
internal sealed class QuotaGate(Func<IQuotaProvider?> authority, QuotaRecords records) : IAdmissionGate
{
    private const string Name = "quota";

    public ValueTask<Admission> EnterAsync(Call call, Candidate candidate, CancellationToken cancellationToken) =>
        authority() is { } quota
            ? AskAsync(quota, RequestOf(call, candidate), cancellationToken)
            : ValueTask.FromResult(Admission.Granted());

    private async ValueTask<Admission> AskAsync(IQuotaProvider quota, QuotaRequest request, CancellationToken cancellationToken)
    {
        var decision = await quota.CheckAsync(request, cancellationToken).ConfigureAwait(false);
        return decision.Allowed
            ? Admission.Granted(new Asked(request, records))
            : Admission.Refused(
                new Refusal(Name, decision.Reason ?? "the quota authority does not allow it", FailureClass.Exhausted)
                {
                    RetryAfter = decision.RetryAfter,
                    OfCaller = !decision.OfProvider,
                }
            );
    }

    private static QuotaRequest RequestOf(Call call, Candidate candidate) =>
        new()
        {
            Id = $"{call.Id}-{candidate.Number}-{candidate.Credential.Id}",
            Tenant = call.Caller.Tenant,
            Account = call.Caller.Account,
            Key = call.Caller.Key ?? "",
            User = call.Caller.User,
            Route = call.RouteAsked,
            Provider = candidate.Target.Provider.Name,
            Model = candidate.Target.Model,
            Tokens = candidate.Tokens,
            Cost = candidate.WorstCase?.Dollars,
        };

    private sealed class Asked(QuotaRequest request, QuotaRecords records) : IPermit
    {
        public void Settle(Attempt attempt) =>
            records.Add(Of(attempt.Cost.Dollars, attempt.Outcome, attempt.Usage.InputTokens, attempt.Usage.OutputTokens));

        public void Return() => records.Add(Of(0, null, 0, 0));

        private QuotaRecord Of(decimal cost, AttemptOutcome? outcome, long input, long output) =>
            new()
            {
                Id = request.Id,
                Tenant = request.Tenant,
                Account = request.Account,
                Key = request.Key,
                User = request.User,
                Route = request.Route,
                Provider = request.Provider,
                Model = request.Model,
                Tokens = input + output,
                Cost = cost,
                Outcome = outcome,
                InputTokens = input,
                OutputTokens = output,
            };
    }
}
