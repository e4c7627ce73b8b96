using System.Globalization;
using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary.Reports;

/// <summary>For people: findings by unit, what is not the product's own code apart, then the way out.</summary>
internal static class TextReport
{
    public static void Write(TextWriter writer, IReadOnlyList<CheckReport> reports)
    {
        foreach (var report in reports)
        {
            if (reports.Count > 1)
            {
                writer.WriteLine($"== {report.Root}");
            }

            Write(writer, report);
            if (reports.Count > 1)
            {
                writer.WriteLine(Total([report]));
                writer.WriteLine();
            }
        }

        WriteTotal(writer, reports);
    }

    public static void WriteTotal(TextWriter writer, IReadOnlyList<CheckReport> reports) => writer.WriteLine(Total(reports));

    private static void Write(TextWriter writer, CheckReport report)
    {
        Group(writer, report.Findings.Where(f => f.Severity == Severity.Hard), "");
        Group(writer, report.Findings.Where(f => f.Severity == Severity.Soft), " (told, fails nothing)");
        WayOut(writer, report.Findings);

        foreach (var outcome in report.Constraints)
        {
            var decision = outcome.Constraint.Decision is { } id ? $"{id} " : "";
            var state = outcome.State switch
            {
                ConstraintState.Holds => "holds",
                ConstraintState.Violated => $"violated, {outcome.Why}",
                _ => $"cannot run: {outcome.Why}",
            };
            writer.WriteLine($"decision {decision}{outcome.Constraint.Id}: {state}");
        }

        if (report.Known.Count > 0)
        {
            writer.WriteLine($"known to the baseline: {report.Known.Count.ToString(CultureInfo.InvariantCulture)}");
        }

        if (report.Gone > 0)
        {
            writer.WriteLine(
                $"{report.Gone.ToString(CultureInfo.InvariantCulture)} of the baseline are gone: let it shrink with --update-baseline"
            );
        }

        foreach (var problem in report.Problems)
        {
            writer.WriteLine($"not checked: {problem.File}{(problem.Line > 0 ? Line(problem.Line) : "")}: {problem.Reason}");
        }
    }

    private static void Group(TextWriter writer, IEnumerable<Finding> findings, string note)
    {
        foreach (var unit in findings.GroupBy(f => f.Unit, StringComparer.Ordinal))
        {
            writer.WriteLine($"{(unit.Key.Length > 0 ? unit.Key : "(no unit)")}{note}");
            foreach (var finding in unit)
            {
                var context = finding.Context == FileContext.Source ? "" : $" [{FileContexts.Name(finding.Context)}]";
                writer.WriteLine($"  {finding.File}{Line(finding.Line)}: {finding.Kind} {finding.What} ({finding.Rule}){context}");
                if (finding.Chain.Count > 0)
                {
                    writer.WriteLine($"    brought in by {string.Join(" → ", finding.Chain)}");
                }
            }

            writer.WriteLine();
        }
    }

    /// <summary>Once for each rule, however often it was broken.</summary>
    private static void WayOut(TextWriter writer, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        writer.WriteLine("the way out");
        foreach (var advice in findings.GroupBy(f => f.Advice, StringComparer.Ordinal))
        {
            var rules = string.Join(", ", advice.Select(f => f.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            writer.WriteLine($"  {rules}: {advice.Key}");
        }

        writer.WriteLine();
    }

    private static string Total(IReadOnlyList<CheckReport> reports)
    {
        var violations = reports.Sum(r => r.Violations);
        var told = reports.Sum(r => r.Findings.Count) - violations;
        var notChecked = reports.Sum(r => r.Problems.Count + r.Constraints.Count(c => c.State == ConstraintState.CannotRun));
        return string.Create(
                CultureInfo.InvariantCulture,
                $"{violations} violations, {told} told, {reports.Sum(r => r.Known.Count)} known, {reports.Sum(r => r.Allowed)} allowed; "
            )
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{reports.Sum(r => r.Files)} files, {reports.Sum(r => r.Units)} units, {notChecked} not checked"
            );
    }

    private static string Line(int line) => $":{line.ToString(CultureInfo.InvariantCulture)}";
}
