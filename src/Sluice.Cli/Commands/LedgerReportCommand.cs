using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Ledger.Rollups;
using Sluice.Money;

namespace Sluice.Cli.Commands;

/// <summary>`sluice ledger report`: what was spent by whom on what, from rollups.</summary>
internal static class LedgerReportCommand
{
    private static readonly Dictionary<string, Dimension> Dimensions = Enum.GetValues<Dimension>()
        .ToDictionary(d => char.ToLowerInvariant(d.ToString()[0]) + d.ToString()[1..], StringComparer.OrdinalIgnoreCase);

    public static Command Create()
    {
        var by = new Option<string[]>("--by")
        {
            Description = $"What to tell apart; several, in this order: {string.Join(", ", Dimensions.Keys)}.",
            HelpName = "WHAT",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => ["provider"],
        };
        var span = new LedgerSpan();
        var format = new Option<string>("--format") { Description = "How to write it.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "csv", "json");
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("report", "Sum up tokens and costs. Costs belong to the time of their hold.")
        {
            by,
            span.From,
            span.To,
            format,
            data,
            json,
        };
        command.SetAction(parsed =>
        {
            var dimensions = Read(parsed.GetValue(by)!);
            var (from, until) = span.Read(parsed);
            using var view = LedgerFiles.Reader(parsed.GetValue(data)!).Look();
            var report = LedgerReport.Of(view, [.. dimensions.Select(d => d.Dimension)], from, until);
            var names = dimensions.Select(d => d.Name).ToList();
            Write(report, names, parsed.GetValue(json) ? "json" : parsed.GetValue(format)!);
            return ExitCode.Done;
        });
        return command;
    }

    private static List<(string Name, Dimension Dimension)> Read(string[] by) =>
        [
            .. by.SelectMany(b => b.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(name =>
                    Dimensions.TryGetValue(name, out var dimension)
                        ? (name, dimension)
                        : throw new UserException($"--by: there is no '{name}'; there are {string.Join(", ", Dimensions.Keys)}")
                ),
        ];

    private static void Write(LedgerReport report, List<string> names, string format)
    {
        switch (format)
        {
            case "csv":
                Console.WriteLine(string.Join(',', names.Concat(RollupSums.Figures.Select(NameOf))));
                foreach (var row in report.Rows)
                {
                    Console.WriteLine(
                        string.Join(
                            ',',
                            row.Values.Select(CsvText.Cell).Concat(RollupSums.Figures.Select(f => Figure(row.Sums, f).ToJsonString()))
                        )
                    );
                }

                break;
            case "json":
                Console.WriteLine(
                    new JsonObject
                    {
                        ["by"] = new JsonArray([.. names.Select(n => (JsonNode)n)]),
                        ["rows"] = new JsonArray([.. report.Rows.Select(r => (JsonNode)Describe(r.Sums, names, r.Values))]),
                        ["total"] = Describe(report.Total, [], []),
                    }.ToJsonString()
                );
                break;
            default:
                TextTable.Print(
                    [.. names, "attempts", "input", "cached", "output", "USD"],
                    report
                        .Rows.Select(r => Line(r.Values.Select(v => v.Length > 0 ? v : "(none)"), r.Sums))
                        .Append(Line(names.Select((_, i) => i == 0 ? "total" : ""), report.Total))
                );
                break;
        }
    }

    private static string[] Line(IEnumerable<string> values, RollupSums sums) =>
        [
            .. values,
            $"{sums[Ledger.Rollups.Figure.Attempts]}",
            $"{sums[Ledger.Rollups.Figure.InputTokens]}",
            $"{sums[Ledger.Rollups.Figure.CacheReadTokens]}",
            $"{sums[Ledger.Rollups.Figure.OutputTokens]}",
            $"{sums.Cost}",
        ];

    private static JsonObject Describe(RollupSums sums, List<string> names, IReadOnlyList<string> values)
    {
        var row = new JsonObject();
        for (var i = 0; i < names.Count; i++)
        {
            row[names[i]] = values[i];
        }

        foreach (var figure in RollupSums.Figures)
        {
            row[NameOf(figure)] = Figure(sums, figure);
        }

        return row;
    }

    private static string NameOf(Figure figure) => char.ToLowerInvariant(figure.ToString()[0]) + figure.ToString()[1..];

    private static JsonNode Figure(RollupSums sums, Figure figure) =>
        figure == Ledger.Rollups.Figure.Cost ? new Credits(sums[figure]).Dollars : sums[figure];
}
