namespace Sluice.Boundary.Reports;

/// <summary>Words that all reports write alike.</summary>
internal static class ReportWords
{
    /// <summary>What was found and what to do, in one sentence for a line.</summary>
    public static string Message(Finding finding)
    {
        var chain = finding.Chain.Count > 0 ? $", brought in by {string.Join(" → ", finding.Chain)}" : "";
        return $"{finding.Kind} {finding.What}{chain} ({finding.Rule}): {finding.Advice}";
    }

    public static string Severity(Rules.Severity severity) => severity == Rules.Severity.Hard ? "hard" : "soft";

    public static string State(ConstraintState state) =>
        state switch
        {
            ConstraintState.Holds => "holds",
            ConstraintState.Violated => "violated",
            _ => "cannot-run",
        };
}
