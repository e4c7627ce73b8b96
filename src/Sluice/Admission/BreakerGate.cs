using Sluice.Admission.Health;
using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>Takes traffic from a target that fails, step by step, and counts what is under way.</summary>
internal sealed class BreakerGate(TargetHealth health, TimeProvider time, Random random) : IAdmissionGate
{
    internal const string Name = "breaker";

    /// <summary>A deadline of the caller's own that fired sooner says nothing of the provider.</summary>
    private static readonly TimeSpan FairWait = TimeSpan.FromSeconds(15);

    public ValueTask<Admission> EnterAsync(Call call, Candidate candidate, CancellationToken cancellationToken)
    {
        var key = new TargetKey(candidate.Target.Provider.Name, candidate.Credential.Id, candidate.Target.Model);
        var state = health.Of(key);
        var entry = BreakerEntry.Passes;
        if (state.Breaker.Record.Level > 0 && health.Settings is { Enabled: true } settings)
        {
            var now = time.GetUtcNow();
            var ask = new BreakerAsk(candidate.Again, Draw(), AnotherFollows(candidate));
            entry = state.Breaker.Enter(ask, settings, now);
            if (entry.Refused)
            {
                return ValueTask.FromResult(Refuse(state.Breaker.View(settings, now), entry));
            }
        }

        state.Begin();
        return ValueTask.FromResult(Admission.Granted(new Entered(health, time, state, entry.Probe, Hurried(call, candidate))));
    }

    private static Admission Refuse(BreakerView view, BreakerEntry entry) =>
        Admission.Refused(
            new Refusal(Name, HealthView.ReasonOf(view) ?? "it has failed a moment ago", FailureClass.Transient)
            {
                RetryAfter = entry.RetryAfter,
                Skipped = entry.RetryAfter is null,
            }
        );

    /// <summary>Another key of the pool, or another target, that would be let through.</summary>
    private bool AnotherFollows(Candidate candidate)
    {
        if (candidate.LastChance)
        {
            return false;
        }

        foreach (var other in candidate.OtherKeys.Span)
        {
            if (health.Peek(candidate.Target, other).Admits)
            {
                return true;
            }
        }

        foreach (var target in candidate.WayOn?.Following(FailureClass.Transient) ?? [])
        {
            if (target.Provider.Missing is null && target.Name != candidate.Target.Name && health.Peek(target).Admits)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the caller gave it less time than the route does.</summary>
    private static bool Hurried(Call call, Candidate candidate) => call.Deadline is { } own && own < candidate.Route.Deadlines.Call;

    private double Draw()
    {
        lock (random)
        {
            return random.NextDouble();
        }
    }

    private sealed class Entered(TargetHealth health, TimeProvider time, TargetState state, bool probe, bool hurried) : IPermit
    {
        public void Settle(Attempt attempt)
        {
            End();
            if (health.Settings is not { Enabled: true } settings)
            {
                return;
            }

            var changed =
                attempt.Outcome == AttemptOutcome.Completed ? state.Breaker.Succeed(attempt.StartedAt, settings, time.GetUtcNow())
                : Counts(attempt) ? state.Breaker.Fail(attempt.StartedAt, settings, time.GetUtcNow())
                : false;
            if (changed)
            {
                health.Tell();
            }
        }

        public void Return() => End();

        private void End()
        {
            state.End();
            if (probe)
            {
                state.Breaker.EndProbe();
            }
        }

        private bool Counts(Attempt attempt) =>
            attempt.Failure is FailureClass.Transient or FailureClass.Drift or FailureClass.Unknown
            || (attempt.Failure == FailureClass.Timeout && (!hurried || attempt.Duration >= FairWait));
    }
}
