namespace Sluice.Attempts;

/// <summary>An attempt that was let in, about to be sent.</summary>
/// <param name="Attempt">Whom it asks, and how long it may take.</param>
/// <param name="Request">What it sends.</param>
/// <param name="FirstContent">How long the first content of a stream may take.</param>
internal readonly record struct Opening(RunningAttempt Attempt, PreparedRequest Request, TimeSpan FirstContent);

/// <summary>An attempt whose answer is committed.</summary>
internal readonly record struct Opened(Opening Opening, Answer Answer)
{
    /// <summary>It is the one that answers the call.</summary>
    /// <param name="run">The call.</param>
    /// <param name="continuing">Goes on with it where it is cut.</param>
    public Committed Commit(LoopRun run, Continuing? continuing)
    {
        var (attempt, prepared, _) = Opening;
        run.Call.Degrade(prepared.Degradations);
        run.Call.OutputLimitSet = run.Request.Features.OutputLimit == prepared.OutputLimit ? null : prepared.OutputLimit;
        return new Committed(run.Call, Answer, attempt) { Continuing = Answer is PrimedStream ? continuing : null };
    }
}
