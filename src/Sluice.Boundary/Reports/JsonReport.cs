using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Boundary.Files;

namespace Sluice.Boundary.Reports;

/// <summary>For programs: findings of all repositories in one list.</summary>
internal static class JsonReport
{
    public static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream stream, IReadOnlyList<CheckReport> reports)
    {
        using var writer = new Utf8JsonWriter(stream, Options);
        writer.WriteStartObject();
        writer.WriteStartArray("findings");
        foreach (var report in reports)
        {
            foreach (var finding in report.Findings)
            {
                Write(writer, report, finding, "new");
            }

            foreach (var finding in report.Known)
            {
                Write(writer, report, finding, "known");
            }
        }

        writer.WriteEndArray();
        Decisions(writer, reports);
        Problems(writer, reports);
        writer.WriteStartObject("summary");
        writer.WriteNumber("violations", reports.Sum(r => r.Violations));
        writer.WriteNumber("told", reports.Sum(r => r.Findings.Count - r.Violations));
        writer.WriteNumber("known", reports.Sum(r => r.Known.Count));
        writer.WriteNumber("allowed", reports.Sum(r => r.Allowed));
        writer.WriteNumber("files", reports.Sum(r => r.Files));
        writer.WriteNumber("units", reports.Sum(r => r.Units));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CheckReport report, Finding finding, string state)
    {
        writer.WriteStartObject();
        writer.WriteString("repository", report.Root);
        writer.WriteString("file", finding.File);
        writer.WriteNumber("line", finding.Line);
        writer.WriteString("rule", finding.Rule);
        writer.WriteString("kind", finding.Kind);
        writer.WriteString("what", finding.What);
        writer.WriteString("context", FileContexts.Name(finding.Context));
        writer.WriteString("severity", ReportWords.Severity(finding.Severity));
        writer.WriteString("advice", finding.Advice);
        writer.WriteString("unit", finding.Unit);
        writer.WriteString("state", state);
        if (finding.Chain.Count > 0)
        {
            writer.WriteStartArray("chain");
            foreach (var step in finding.Chain)
            {
                writer.WriteStringValue(step);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Decisions(Utf8JsonWriter writer, IReadOnlyList<CheckReport> reports)
    {
        writer.WriteStartArray("decisions");
        foreach (var outcome in reports.SelectMany(r => r.Constraints))
        {
            writer.WriteStartObject();
            writer.WriteString("decision", outcome.Constraint.Decision);
            writer.WriteString("constraint", outcome.Constraint.Id);
            writer.WriteString("file", outcome.Constraint.File);
            writer.WriteString("state", ReportWords.State(outcome.State));
            writer.WriteString("why", outcome.Why);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Problems(Utf8JsonWriter writer, IReadOnlyList<CheckReport> reports)
    {
        writer.WriteStartArray("notChecked");
        foreach (var (report, problem) in reports.SelectMany(r => r.Problems.Select(p => (r, p))))
        {
            writer.WriteStartObject();
            writer.WriteString("repository", report.Root);
            writer.WriteString("file", problem.File);
            writer.WriteNumber("line", problem.Line);
            writer.WriteString("reason", problem.Reason);
            writer.WriteBoolean("fatal", problem.Fatal);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
