using Sluice.Calls;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>A target that can be asked, with what it would be sent.</summary>
internal readonly record struct Prepared(Route Route, Target Target, PreparedRequest Request);

/// <summary>Asks of a target what must be known before anything is held for it: whether it can be asked at all, and for this.</summary>
internal static class Preparing
{
    /// <returns><see langword="null"/> when it cannot; the reason is recorded.</returns>
    public static Prepared? Of(LoopRun run, (Route Route, Target Target) stop, WholeOnly wholeOnly, DateTimeOffset now)
    {
        if (run.Embeddings?.Refuse(stop.Target) is { } unfit)
        {
            run.Unfit(stop.Target, unfit);
            return null;
        }

        if (stop.Target.Provider.Missing is { } missing)
        {
            run.Reject(stop.Target, "credential", missing, FailureClass.Credential);
            return null;
        }

        if (run.Embeddings is null && run.MisfitOf(stop, now) is { } misfit)
        {
            run.Reject(stop.Target, misfit.Gate, misfit.Reason, misfit.Failure);
            return null;
        }

        if (run.LastFailure == FailureClass.ContextTooLong && stop.Target.Card.ContextWindow <= run.LastWindow)
        {
            run.Reject(stop.Target, "context", "its context window is not larger", FailureClass.ContextTooLong);
            return null;
        }

        var target = run.Embeddings is null ? stop.Target : EmbeddingTargets.Of(stop.Target);
        var prepared = run.Request.Prepare(target, stop.Route, whole: wholeOnly.Knows(target));
        if (run.Asked.OnUnsupported == OnUnsupported.Error && prepared.Degradations.Count > 0)
        {
            run.Unsupported(stop.Target, prepared.Degradations);
            return null;
        }

        return new Prepared(stop.Route, target, prepared);
    }
}
