using Sluice.Boundary.Baselines;
using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary;

/// <summary>What the check of one repository found.</summary>
internal sealed record CheckReport(string Root, IReadOnlyList<Finding> Findings, IReadOnlyList<Problem> Problems)
{
    /// <summary>Files that were read.</summary>
    public int Files { get; init; }

    public int Units { get; init; }

    /// <summary>Findings that the boundary file allows.</summary>
    public int Allowed { get; init; }

    /// <summary>Violations that the baseline knows.</summary>
    public IReadOnlyList<Finding> Known { get; init; } = [];

    /// <summary>How many violations the baseline holds that are gone: by so many it can shrink.</summary>
    public int Gone { get; init; }

    public IReadOnlyList<ConstraintOutcome> Constraints { get; init; } = [];

    /// <summary>Findings that fail the check.</summary>
    public int Violations => Findings.Count(f => f.Severity == Severity.Hard);

    /// <summary>The same, with what a baseline knows set apart.</summary>
    public CheckReport Against(Baseline baseline)
    {
        var (known, fresh) = baseline.Divide(Findings);
        return this with { Findings = fresh, Known = known, Gone = baseline.Count - known.Count };
    }

    /// <summary>Something could not be checked behind which a violation may hide.</summary>
    public bool IsIncomplete =>
        Problems.Any(p => p.Fatal) || Constraints.Any(c => c is { State: ConstraintState.CannotRun, Constraint.Severity: Severity.Hard });
}

/// <summary>How a decision's constraint stands.</summary>
internal enum ConstraintState
{
    Holds,
    Violated,

    /// <summary>The check cannot be run: nothing of what it names is here, or its form is not known.</summary>
    CannotRun,
}

/// <param name="Why">Empty where it holds.</param>
internal sealed record ConstraintOutcome(Constraint Constraint, ConstraintState State, string Why);
