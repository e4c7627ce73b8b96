using System.Globalization;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary.Reports;

/// <summary>Workflow commands, which GitHub shows beside the changed line. Source: docs.github.com, "Workflow commands for GitHub Actions".</summary>
internal static class GitHubReport
{
    public static void Write(TextWriter writer, CheckReport report, string folder)
    {
        foreach (var finding in report.Findings)
        {
            var level = finding.Severity == Severity.Hard ? "error" : "notice";
            var line = Math.Max(1, finding.Line).ToString(CultureInfo.InvariantCulture);
            writer.WriteLine(
                $"::{level} file={Property(folder + finding.File)},line={line},title={Property($"sluice: {finding.Rule}")}::{Text(ReportWords.Message(finding))}"
            );
        }

        foreach (var problem in report.Problems)
        {
            writer.WriteLine(
                $"::{(problem.Fatal ? "error" : "notice")} file={Property(folder + problem.File)},title=sluice%3A not checked::{Text(problem.Reason)}"
            );
        }
    }

    private static string Text(string value) =>
        value
            .Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string value) =>
        Text(value).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
