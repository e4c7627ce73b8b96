using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Ledger;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Commands;

/// <summary>`sluice ledger`: what was spent, on what. Reads beside a running gateway.</summary>
internal static class LedgerCommand
{
    public static Command Create() => new("ledger", "Look into the ledger.") { List(), Show() };

    private static Command List()
    {
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var limit = new Option<int>("--limit") { Description = "How many, newest first.", DefaultValueFactory = _ => 20 };
        var command = new Command("list", "Show the newest entries.") { limit, data, json };
        command.SetAction(parsed =>
        {
            using var store = Open(parsed.GetValue(data)!);
            Print(store.List(Math.Clamp(parsed.GetValue(limit), 1, 100_000)), parsed.GetValue(json));
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
            using var store = Open(parsed.GetValue(data)!);
            var entries = store.OfCall(parsed.GetValue(call)!);
            if (entries.Count == 0)
            {
                throw new UserException($"the ledger has no call '{parsed.GetValue(call)}'; `sluice ledger list` shows the newest");
            }

            Print(entries, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static SqliteLedgerStore Open(string data) =>
        File.Exists(DataDirectory.DatabaseIn(data))
            ? new SqliteLedgerStore(new DataDirectory(data).Database)
            : throw new UserException($"there is no ledger in {Path.GetFullPath(data)}; name its directory with --data");

    private static void Print(IReadOnlyList<LedgerEntry> entries, bool json)
    {
        if (json)
        {
            Console.WriteLine(new JsonArray([.. entries.Select(e => (JsonNode)Describe(e))]).ToJsonString());
            return;
        }

        foreach (var entry in entries)
        {
            var (h, s) = (entry.Hold, entry.Settlement);
            Console.WriteLine(
                $"{entry.Sequence, 6}  {h.At:yyyy-MM-dd HH:mm:ss}  {h.Call}#{h.Attempt}  {h.RouteAsked}→{h.Route}  {h.Provider}/{h.Model}  "
                    + $"{s.Outcome}{(s.Failure is { } failure ? $" ({failure})" : "")}  {s.Usage.InputTokens}+{s.Usage.OutputTokens}  {s.Cost} USD"
            );
        }
    }

    private static JsonObject Describe(LedgerEntry entry)
    {
        var (h, s) = (entry.Hold, entry.Settlement);
        return new JsonObject
        {
            ["sequence"] = entry.Sequence,
            ["at"] = h.At,
            ["call"] = h.Call,
            ["attempt"] = h.Attempt,
            ["key"] = h.Key,
            ["role"] = h.Role,
            ["routeAsked"] = h.RouteAsked,
            ["route"] = h.Route,
            ["provider"] = h.Provider,
            ["model"] = h.Model,
            ["credential"] = h.Credential,
            ["outcome"] = s.Outcome.ToString(),
            ["failure"] = s.Failure?.ToString(),
            ["status"] = s.Status,
            ["inputTokens"] = s.Usage.InputTokens,
            ["cacheReadTokens"] = s.Usage.CacheReadTokens,
            ["cacheWriteTokens"] = s.Usage.CacheWriteTokens,
            ["outputTokens"] = s.Usage.OutputTokens,
            ["reasoningTokens"] = s.Usage.ReasoningTokens,
            ["evidence"] = s.Usage.Evidence.ToString(),
            ["hold"] = h.Amount.Dollars,
            ["cost"] = s.Cost.Dollars,
            ["durationMs"] = s.Duration.TotalMilliseconds,
            ["hash"] = entry.Hash,
        };
    }
}
