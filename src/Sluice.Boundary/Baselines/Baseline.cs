using System.Text.Json;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary.Baselines;

/// <summary>
/// The violations a repository had when it began to be checked. They are told and fail nothing; what comes on top fails. Lines are not kept, since they move with
/// every edit above: the same thing found more often in the same file is new.
/// </summary>
internal sealed class Baseline
{
    public const string FileName = "sluice.boundary.baseline.json";

    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SortedDictionary<string, (Finding Entry, int Count)> entries = new(StringComparer.Ordinal);

    private Baseline() { }

    /// <summary>How many violations it holds.</summary>
    public int Count => entries.Values.Sum(e => e.Count);

    public static Baseline Of(IEnumerable<Finding> findings)
    {
        var baseline = new Baseline();
        foreach (var finding in findings.Where(f => f.Severity == Severity.Hard))
        {
            baseline.Add(finding, 1);
        }

        return baseline;
    }

    /// <exception cref="BoundaryException">The file is not a baseline.</exception>
    public static Baseline Read(string text, string file)
    {
        var errors = new List<BoundaryError>();
        var root = RuleReader.Root(text, file, errors);
        var baseline = new Baseline();
        foreach (var reader in root.Objects("violations"))
        {
            var finding = new Finding(
                reader.Required("file", "name the file"),
                0,
                reader.Required("rule", "name the rule"),
                reader.Required("kind", "say what kind of finding it is"),
                reader.Required("what", "say what was found"),
                default,
                Severity.Hard,
                ""
            );
            baseline.Add(finding, reader.Number("count") ?? 1);
            reader.Done();
        }

        root.Done();
        return errors.Count == 0 ? baseline : throw new BoundaryException(errors);
    }

    /// <summary>Tells known violations from new ones; of several alike in a file the first are the known ones.</summary>
    public (List<Finding> Known, List<Finding> New) Divide(IEnumerable<Finding> findings)
    {
        var left = entries.ToDictionary(e => e.Key, e => e.Value.Count, StringComparer.Ordinal);
        var known = new List<Finding>();
        var fresh = new List<Finding>();
        foreach (var finding in findings)
        {
            if (finding.Severity == Severity.Hard && left.GetValueOrDefault(finding.Identity) > 0)
            {
                left[finding.Identity]--;
                known.Add(finding);
            }
            else
            {
                fresh.Add(finding);
            }
        }

        return (known, fresh);
    }

    public void Write(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, Indented);
        writer.WriteStartObject();
        writer.WriteStartArray("violations");
        foreach (var (entry, count) in entries.Values)
        {
            writer.WriteStartObject();
            writer.WriteString("file", entry.File);
            writer.WriteString("rule", entry.Rule);
            writer.WriteString("kind", entry.Kind);
            writer.WriteString("what", entry.What);
            if (count > 1)
            {
                writer.WriteNumber("count", count);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Add(Finding finding, int count)
    {
        var before = entries.GetValueOrDefault(finding.Identity).Count;
        entries[finding.Identity] = (finding, before + count);
    }
}
