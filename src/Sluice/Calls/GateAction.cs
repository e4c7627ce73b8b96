namespace Sluice.Calls;

/// <summary>What a content gate did to a call.</summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="Stage">What it was asked about.</param>
/// <param name="Verdict">What it did.</param>
/// <param name="Reason">In words that may reach the caller; never the text itself.</param>
public sealed record GateAction(string Gate, GateStage Stage, GateVerdict Verdict, string Reason);

/// <summary>What a content gate is asked about.</summary>
public enum GateStage
{
    /// <summary>What the caller sent, before anything is sent on.</summary>
    Request,

    /// <summary>What an attempt brought, before any of it is handed over.</summary>
    Answer,
}

/// <summary>What a content gate did.</summary>
public enum GateVerdict
{
    /// <summary>Nothing was sent, or handed over.</summary>
    Denied,

    /// <summary>Some text was replaced.</summary>
    Redacted,

    /// <summary>It could not be asked, and is configured to let pass then.</summary>
    Unasked,
}
