using Sluice.Calls;
using Sluice.Ledger;

namespace Sluice.Attempts;

/// <summary>No target answered; the message lists every attempt and refusal and may reach the caller.</summary>
internal sealed class RouteExhaustedException(Call call, FailureClass failure) : Exception(Describe(call))
{
    public Call Call { get; } = call;

    /// <summary>The class of what ended the chain.</summary>
    public FailureClass Failure { get; } = failure;

    /// <summary>The provider's own words on the caller's request; only for failures that are the request's own.</summary>
    public string? Detail { get; init; }

    /// <summary>The provider's status, for a failure that is the request's own.</summary>
    public int? Status { get; init; }

    /// <summary>When asking again makes sense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Nothing was tried because no budget had room for it.</summary>
    public bool BudgetRefused { get; init; }

    /// <summary>The budget that ended the chain.</summary>
    public BudgetRefusal? Budget { get; init; }

    private static string Describe(Call call)
    {
        var facts = call
            .Attempts.Select(a => $"{a.Provider}/{a.Model}: {a.Failure} ({a.Reason})")
            .Concat(call.Rejections.Select(r => $"{r.Target}: not tried, {r.Reason}"))
            .ToList();
        return facts.Count == 0
            ? $"route '{call.RouteAsked}' has no target that can be tried"
            : $"route '{call.RouteAsked}' is exhausted: {string.Join("; ", facts)}";
    }
}
