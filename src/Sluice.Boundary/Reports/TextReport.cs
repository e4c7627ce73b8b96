using System.Globalization;
using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary.Reports;

/// <summary>For people: findings by unit, what is not the product's own code apart, and the way out once for each rule.</summary>
internal static class TextReport
{
    public static void Write(TextWriter writer, CheckReport report, bool quiet = false)
    {
        Group(writer, report.Findings.Where(f => f.Severity == Severity.Hard), "");
        if (!quiet)
        {
            Group(writer, report.Findings.Where(f => f.Severity == Severity.Soft), " (told, fails nothing)");
        }

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

        foreach (var problem in report.Problems)
        {
            writer.WriteLine($"not checked: {problem.File}{(problem.Line > 0 ? Line(problem.Line) : "")}: {problem.Reason}");
        }

        writer.WriteLine(Total(report));
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

            foreach (var rule in unit.GroupBy(f => f.Rule, StringComparer.Ordinal))
            {
                writer.WriteLine($"  {rule.Key}: {rule.First().Advice}");
            }

            writer.WriteLine();
        }
    }

    private static string Total(CheckReport report)
    {
        var hard = report.Findings.Count(f => f.Severity == Severity.Hard);
        var soft = report.Findings.Count - hard;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{hard} violations, {soft} told, {report.Allowed} allowed; {report.Files} files, {report.Units} units, {report.Problems.Count} not checked"
        );
    }

    private static string Line(int line) => $":{line.ToString(CultureInfo.InvariantCulture)}";
}
