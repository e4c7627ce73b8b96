using Sluice.Calls;

namespace Sluice.Routing;

/// <summary>What rules and orders may want to know of a call. What has to be found out is found out only when one asks.</summary>
internal interface ICallFacts
{
    Call Call { get; }

    /// <summary>The route the caller asked for.</summary>
    Route Asked { get; }

    /// <summary>The estimated input, in tokens: a guess for choosing, never for money.</summary>
    long InputTokens { get; }

    /// <summary>Whether an answer of a given form is asked for: a JSON schema, or any JSON.</summary>
    bool Structured { get; }

    /// <summary>The highest used part, spent and held, among the budgets that match the call, or of the one of this name.</summary>
    decimal BudgetUsed(string? budget);
}
