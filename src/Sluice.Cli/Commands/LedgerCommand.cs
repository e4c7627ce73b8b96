using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Ledger;

namespace Sluice.Cli.Commands;

/// <summary>`sluice ledger`: what was spent, on what. Reads beside a running gateway.</summary>
internal static class LedgerCommand
{
    public static Command Create() =>
        new("ledger", "Look into the ledger, verify it, report from it, back it up.")
        {
            List(),
            Show(),
            LedgerReportCommand.Create(),
            LedgerExportCommand.Create(),
            LedgerVerifyCommand.Create(),
            LedgerBackupCommand.Create(),
            LedgerRestoreCommand.Create(),
        };

    private static Command List()
    {
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var limit = new Option<int>("--limit") { Description = "How many, newest first.", DefaultValueFactory = _ => 20 };
        var command = new Command("list", "Show the newest entries.") { limit, data, json };
        command.SetAction(parsed =>
        {
            var entries = LedgerFiles.Reader(parsed.GetValue(data)!).List(Math.Clamp(parsed.GetValue(limit), 1, 100_000));
            Print(entries, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var call = new Argument<string>("CALL") { Description = "The call's id, from the x-sluice-call header." };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("show", "Show every attempt of one call.") { call, data, json };
        command.SetAction(parsed =>
        {
            var entries = LedgerFiles.Reader(parsed.GetValue(data)!).OfCall(parsed.GetValue(call)!);
            if (entries.Count == 0)
            {
                throw new UserException($"the ledger has no call '{parsed.GetValue(call)}'; `sluice ledger list` shows the newest");
            }

            Print(entries, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IReadOnlyList<LedgerEntry> entries, bool json)
    {
        if (json)
        {
            Console.WriteLine(new JsonArray([.. entries.Select(e => (JsonNode)EntryFields.Json(e))]).ToJsonString());
            return;
        }

        foreach (var entry in entries)
        {
            var (h, s) = (entry.Hold, entry.Settlement);
            Console.WriteLine(
                $"{entry.Sequence, 6}  {h.At:yyyy-MM-dd HH:mm:ss}  {h.Call}#{h.Attempt}  {h.RouteAsked}→{h.Route}  {h.Provider}/{h.Model}  "
                    + $"{Outcome(s)}  {s.Usage.InputTokens}+{s.Usage.OutputTokens}  {s.Cost} USD{(h.Why.Length == 0 ? "" : $"  [{h.Why}]")}"
            );
        }
    }

    private static string Outcome(SettlementRecord settlement) =>
        settlement switch
        {
            { Outcome: EntryOutcome.Recovered } => "Recovered (the gateway ended before the answer; the whole hold is booked)",
            { Failure: { } failure } => $"{settlement.Outcome} ({failure})",
            _ => settlement.Outcome.ToString(),
        };
}
