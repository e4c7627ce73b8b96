using Sluice.Admission.Health;
using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>Keeps calls away from a target that is known to refuse them for now, and learns from how attempts end.</summary>
internal sealed class FactGate(TargetHealth health, TimeProvider time) : IAdmissionGate
{
    private static readonly TimeSpan DefaultExhaustion = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DefaultRefusal = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DefaultCoolDown = TimeSpan.FromSeconds(1);

    private readonly Listener _listener = new(health, time);

    public ValueTask<Admission> EnterAsync(Call call, Candidate candidate, CancellationToken cancellationToken)
    {
        var fact = health.Facts.About(new TargetKey(candidate.Target.Provider.Name, candidate.Credential.Id, candidate.Target.Model));
        return ValueTask.FromResult(
            fact is null
                ? Admission.Granted(_listener)
                : Admission.Refused(
                    new Refusal(GateOf(fact.Failure), fact.Reason, fact.Failure) { RetryAfter = fact.Until - time.GetUtcNow() }
                )
        );
    }

    private static string GateOf(FailureClass failure) =>
        failure switch
        {
            FailureClass.RateLimited => "cooldown",
            FailureClass.Exhausted => "exhaustion",
            FailureClass.Credential => "credential",
            _ => "availability",
        };

    private sealed class Listener(TargetHealth health, TimeProvider time) : IPermit
    {
        public void Settle(Attempt attempt)
        {
            var now = time.GetUtcNow();
            if (About(attempt) is var (key, duration) && key.Provider is not null)
            {
                var until = now + (duration < Facts.Longest ? duration : Facts.Longest);
                if (health.Facts.Learn(key, new Fact(attempt.Failure!.Value, attempt.Reason ?? "", now, until)))
                {
                    health.Tell();
                }
            }
            else if (
                attempt.Outcome == AttemptOutcome.Completed
                && health.Facts.Forget(new FactKey(attempt.Provider, attempt.Credential, attempt.Model), attempt.StartedAt)
            )
            {
                health.Tell();
            }
        }

        public void Return() { }

        private static (FactKey Key, TimeSpan Duration) About(Attempt attempt) =>
            attempt.Failure switch
            {
                FailureClass.RateLimited => (
                    new FactKey(attempt.Provider, attempt.Credential, attempt.Model),
                    attempt.RetryAfter ?? DefaultCoolDown
                ),
                FailureClass.Exhausted => (
                    new FactKey(attempt.Provider, attempt.Credential, null),
                    attempt.RetryAfter ?? DefaultExhaustion
                ),
                FailureClass.Credential => (new FactKey(attempt.Provider, attempt.Credential, null), DefaultRefusal),
                FailureClass.ModelUnavailable => (new FactKey(attempt.Provider, null, attempt.Model), DefaultRefusal),
                _ => default,
            };
    }
}
