using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Ledger.Verification;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Commands;

/// <summary>`sluice ledger verify`: whether the ledger is what was written. Runs beside a gateway.</summary>
internal static class LedgerVerifyCommand
{
    /// <summary>Findings that are printed one by one.</summary>
    private const int MostPrinted = 100;

    public static Command Create()
    {
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command(
            "verify",
            "Read the whole ledger and say which entry, link or rollup is not as it was written. Exit code 0: whole; 1: it is not; 2: it cannot be read."
        )
        {
            data,
            json,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var directory = LedgerFiles.Existing(parsed.GetValue(data)!);
                var verifier = new LedgerVerifier(new SqliteLedgerReader(directory.Database), directory.Anchors, Progress);
                var verification = verifier.Run(cancellationToken);
                if (parsed.GetValue(json))
                {
                    Console.WriteLine(Describe(verification).ToJsonString());
                }
                else
                {
                    Print(verification);
                }

                return Task.FromResult(verification.IsWhole ? ExitCode.Done : ExitCode.Failed);
            }
        );
        return command;
    }

    private static void Progress(long done, long total) => Console.Error.WriteLine($"{done} of {total} entries");

    private static void Print(Verification verification)
    {
        foreach (var finding in verification.Findings.Take(MostPrinted))
        {
            Console.WriteLine(finding.Message);
        }

        if (verification.Findings.Count > MostPrinted)
        {
            Console.WriteLine($"and {verification.Findings.Count - MostPrinted} findings more; --json has them all");
        }

        var removed = verification.RemovedSegments > 0 ? $", entries of {verification.RemovedSegments} removed by retention" : "";
        var anchors =
            verification.Anchors > 0 ? $"{verification.Anchors} anchors agree or are named above" : "no anchor stands at an entry";
        Console.WriteLine(
            $"{(verification.IsWhole ? "The ledger is whole" : "The ledger is NOT whole")}: {verification.Entries} entries up to {verification.Last}, "
                + $"{verification.Segments} segments{removed}; {anchors}"
        );
    }

    private static JsonObject Describe(Verification verification) =>
        new()
        {
            ["whole"] = verification.IsWhole,
            ["entries"] = verification.Entries,
            ["last"] = verification.Last,
            ["segments"] = verification.Segments,
            ["removedSegments"] = verification.RemovedSegments,
            ["anchors"] = verification.Anchors,
            ["findings"] = new JsonArray([.. verification.Findings.Select(f => (JsonNode)Describe(f))]),
        };

    private static JsonObject Describe(Finding finding)
    {
        var found = new JsonObject { ["kind"] = finding.Kind.ToString().ToLowerInvariant(), ["message"] = finding.Message };
        if (finding.First > 0)
        {
            (found["first"], found["last"]) = (finding.First, finding.Last);
        }

        return found;
    }
}
