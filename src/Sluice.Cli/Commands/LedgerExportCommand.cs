using System.CommandLine;
using Sluice.Ledger;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Commands;

/// <summary>`sluice ledger export`: every entry, as it comes from the database.</summary>
internal static class LedgerExportCommand
{
    public static Command Create()
    {
        var span = new LedgerSpan();
        var format = new Option<string>("--format")
        {
            Description = "One object a line, one array, or a table.",
            DefaultValueFactory = _ => "jsonl",
        };
        format.AcceptOnlyFromAmong("jsonl", "json", "csv");
        var file = new Option<string?>("--out")
        {
            Description = "Where to write it; else to the output. A file that is there stays.",
            HelpName = "FILE",
        };
        var data = SharedOptions.Data();
        var command = new Command("export", "Write entries out, by the time of their holds.") { span.From, span.To, format, file, data };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var (from, until) = span.Read(parsed);
                var entries = Entries(LedgerFiles.Reader(parsed.GetValue(data)!), from, until, cancellationToken);
                if (parsed.GetValue(file) is not { } path)
                {
                    Write(Console.Out, entries, parsed.GetValue(format)!);
                    return Task.FromResult(ExitCode.Done);
                }

                using var writer = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
                Write(writer, entries, parsed.GetValue(format)!);
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }

    /// <summary>Segment by segment, each in a view of its own: the gateway's log never waits for a long export.</summary>
    private static IEnumerable<LedgerEntry> Entries(
        SqliteLedgerReader reader,
        DateTimeOffset? from,
        DateTimeOffset? until,
        CancellationToken cancellationToken
    )
    {
        var done = 0L;
        while (true)
        {
            using var view = reader.Look();
            if (view.Segments().FirstOrDefault(s => s.Number > done) is not { } segment)
            {
                yield break;
            }

            done = segment.Number;
            if (segment.RemovedAt is not null || segment.LastHeldAt < from || segment.FirstHeldAt >= until)
            {
                continue;
            }

            foreach (var entry in view.Entries(segment.First, segment.Last).Select(e => e.Readable))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if ((from is null || entry.Hold.At >= from) && (until is null || entry.Hold.At < until))
                {
                    yield return entry;
                }
            }
        }
    }

    private static void Write(TextWriter writer, IEnumerable<LedgerEntry> entries, string format)
    {
        var (before, between, after) = format switch
        {
            "json" => ("[\n", ",\n", "\n]\n"),
            "csv" => (EntryFields.CsvHead + "\n", "\n", "\n"),
            _ => ("", "\n", "\n"),
        };
        writer.Write(before);
        var first = true;
        foreach (var entry in entries)
        {
            writer.Write(first ? "" : between);
            writer.Write(format == "csv" ? EntryFields.Csv(entry) : EntryFields.Json(entry).ToJsonString());
            first = false;
        }

        writer.Write(first && format != "json" ? "" : after);
    }
}
