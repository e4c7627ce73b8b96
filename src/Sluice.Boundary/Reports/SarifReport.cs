using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary.Reports;

/// <summary>SARIF 2.1.0, which code scanning services read: a run for each repository. Source: docs.oasis-open.org/sarif/sarif/v2.1.0.</summary>
internal static class SarifReport
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    public static void Write(Stream stream, IReadOnlyList<CheckReport> reports, string version)
    {
        using var writer = new Utf8JsonWriter(stream, JsonReport.Options);
        writer.WriteStartObject();
        writer.WriteString("$schema", Schema);
        writer.WriteString("version", "2.1.0");
        writer.WriteStartArray("runs");
        foreach (var report in reports)
        {
            Run(writer, report, version);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Run(Utf8JsonWriter writer, CheckReport report, string version)
    {
        var rules = report
            .Findings.Concat(report.Known)
            .GroupBy(f => f.Rule, StringComparer.Ordinal)
            .Select(g => (Id: g.Key, g.First().Advice))
            .OrderBy(r => r.Id, StringComparer.Ordinal)
            .ToList();
        writer.WriteStartObject();
        writer.WriteStartObject("tool");
        writer.WriteStartObject("driver");
        writer.WriteString("name", "sluice");
        writer.WriteString("semanticVersion", version);
        writer.WriteStartArray("rules");
        foreach (var (id, advice) in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            Message(writer, "shortDescription", $"Nothing goes around the gate: {id}");
            Message(writer, "help", advice);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("columnKind", "utf16CodeUnits");
        writer.WriteStartObject("originalUriBaseIds");
        writer.WriteStartObject("SRCROOT");
        writer.WriteString("uri", new Uri(report.Root.TrimEnd('/') + "/").AbsoluteUri);
        writer.WriteEndObject();
        writer.WriteEndObject();
        Invocation(writer, report);
        writer.WriteStartArray("results");
        var index = rules.Select((r, i) => (r.Id, i)).ToDictionary(r => r.Id, r => r.i, StringComparer.Ordinal);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var finding in report.Known)
        {
            Result(writer, finding, index[finding.Rule], seen, known: true);
        }

        foreach (var finding in report.Findings)
        {
            Result(writer, finding, index[finding.Rule], seen, known: false);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Invocation(Utf8JsonWriter writer, CheckReport report)
    {
        writer.WriteStartArray("invocations");
        writer.WriteStartObject();
        writer.WriteBoolean("executionSuccessful", !report.IsIncomplete);
        writer.WriteStartArray("toolExecutionNotifications");
        foreach (var problem in report.Problems)
        {
            writer.WriteStartObject();
            writer.WriteString("level", problem.Fatal ? "error" : "note");
            Message(writer, "message", $"{problem.File}: {problem.Reason}");
            Location(writer, problem.File, problem.Line);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void Result(Utf8JsonWriter writer, Finding finding, int rule, Dictionary<string, int> seen, bool known)
    {
        writer.WriteStartObject();
        writer.WriteString("ruleId", finding.Rule);
        writer.WriteNumber("ruleIndex", rule);
        writer.WriteString("level", finding.Severity == Severity.Hard ? "error" : "note");
        Message(writer, "message", ReportWords.Message(finding));
        Location(writer, finding.File, finding.Line);
        seen[finding.Identity] = seen.GetValueOrDefault(finding.Identity) + 1;
        writer.WriteStartObject("partialFingerprints");
        writer.WriteString("sluiceFinding/v1", Fingerprint($"{finding.Identity}|{seen[finding.Identity]}"));
        writer.WriteEndObject();
        writer.WriteStartObject("properties");
        writer.WriteString("kind", finding.Kind);
        writer.WriteString("context", FileContexts.Name(finding.Context));
        writer.WriteEndObject();
        if (known)
        {
            writer.WriteStartArray("suppressions");
            writer.WriteStartObject();
            writer.WriteString("kind", "external");
            writer.WriteString("justification", "known to the baseline");
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Location(Utf8JsonWriter writer, string file, int line)
    {
        writer.WriteStartArray("locations");
        writer.WriteStartObject();
        writer.WriteStartObject("physicalLocation");
        writer.WriteStartObject("artifactLocation");
        writer.WriteString("uri", string.Join('/', file.Split('/').Select(Uri.EscapeDataString)));
        writer.WriteString("uriBaseId", "SRCROOT");
        writer.WriteEndObject();
        if (line > 0)
        {
            writer.WriteStartObject("region");
            writer.WriteNumber("startLine", line);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void Message(Utf8JsonWriter writer, string name, string text)
    {
        writer.WriteStartObject(name);
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    private static string Fingerprint(string identity) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 16));
}
