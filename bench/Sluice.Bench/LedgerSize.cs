using System.Diagnostics;
using System.Globalization;
using Sluice.Ledger;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Rollups;
using Sluice.Ledger.Verification;
using Sluice.Money;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Bench;

/// <summary>How large a ledger gets and how long it takes to ask it: through the real chain and the real store, over sixty days.</summary>
internal static class LedgerSize
{
    private const int Days = 60;
    private const int Batch = 500;

    /// <param name="entries">How many to write.</param>
    /// <param name="users">How many end users make the calls of a day.</param>
    public static void Run(int entries, int users)
    {
        using var work = new WorkDirectory();
        var data = new DataDirectory(work.Path);
        var clock = Stopwatch.StartNew();
        using var store = new SqliteLedgerStore(data.Database);
        Write(store, entries, users);
        store.Dispose();
        var written = clock.Elapsed;
        var size = new FileInfo(data.Database).Length;
        Say("entries", entries, "");
        Say("users a day", users, "");
        Say("written, entries per second", entries / written.TotalSeconds, "");
        Say("size", size / (double)(1 << 20), "MB");
        Say("size per million calls", size / (double)(1 << 20) * 1_000_000 / entries, "MB");
        Reports(data.Database);
        clock.Restart();
        var verification = new LedgerVerifier(new SqliteLedgerReader(data.Database), data.Anchors).Run(CancellationToken.None);
        Say(verification.IsWhole ? "verify, entries per second" : "NOT whole", verification.Entries / clock.Elapsed.TotalSeconds, "");
        using var again = new SqliteLedgerStore(data.Database);
        clock.Restart();
        var tail = again.ReadTail();
        Say("start: read the end", clock.Elapsed.TotalMilliseconds, "ms");
        var month = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        clock.Restart();
        var pieces = again.ReadSpent(new SpentQuery(month, [month])).Count();
        Say($"start: count a month's budgets, {pieces} pieces", clock.Elapsed.TotalMilliseconds, "ms");
        Prune(again, tail.Sequence);
    }

    private static void Reports(string database)
    {
        var from = new DateTimeOffset(2026, 1, 15, 7, 0, 0, TimeSpan.Zero);
        foreach (
            var (name, by, since) in ((string, Dimension[], DateTimeOffset?)[])
                [
                    ("in all", [], null),
                    ("by provider", [Dimension.Provider], null),
                    ("by key and model", [Dimension.Key, Dimension.Model], null),
                    ("by day", [Dimension.Day], null),
                    ("by tag and tenant", [Dimension.Tag, Dimension.Tenant], null),
                    ("by key, from an hour on", [Dimension.Key], from),
                    ("by hour", [Dimension.Hour], null),
                ]
        )
        {
            var times = new List<double>();
            var rows = 0;
            for (var i = 0; i < 5; i++)
            {
                var clock = Stopwatch.StartNew();
                using var view = new SqliteLedgerView(database);
                rows = LedgerReport.Of(view, by, since, null).Rows.Count;
                times.Add(clock.Elapsed.TotalMilliseconds);
            }

            Say($"report {name}, {rows} rows", times.Order().ElementAt(2), "ms");
        }
    }

    private static void Prune(SqliteLedgerStore store, long entries)
    {
        var longest = 0.0;
        var all = Stopwatch.StartNew();
        var step = new PruneStep(true, 1);
        while (step.More)
        {
            var clock = Stopwatch.StartNew();
            step = store.Prune(
                new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero),
                2_000,
                new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero)
            );
            longest = Math.Max(longest, clock.Elapsed.TotalMilliseconds);
        }

        Say("retention, entries per second", (step.FirstKept - 1) / all.Elapsed.TotalSeconds, $"of {entries}");
        Say("retention, longest step", longest, "ms");
    }

    private static void Write(SqliteLedgerStore store, int entries, int users)
    {
        var random = new Random(1);
        var chain = new LedgerChain(store.ReadTail());
        var begin = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var pace = TimeSpan.FromDays(Days) / entries;
        string[] tags = ["", "night", "batch", "night,batch"];
        string[] models = ["claude-sonnet-4-6", "gpt-4o-mini", "gemini-2.5-flash"];
        string[] providers = ["anthropic", "openai", "gemini"];
        var bytes = new byte[10];
        for (var i = 0; i < entries; i++)
        {
            var at = begin + pace * i;
            var (key, vendor) = (random.Next(20), random.Next(3));
            random.NextBytes(bytes);
            var hold = new HoldRecord
            {
                Id = 2L * i + 1,
                At = at,
                Call = $"call_{at.ToUnixTimeMilliseconds():x12}{Convert.ToHexStringLower(bytes)}",
                Attempt = 1,
                Key = $"key_{key:D8}",
                Account = $"acme/team{key % 4}",
                Tenant = $"tenant{key % 7}",
                User = users == 0 ? "" : $"user-{random.Next(users):D6}",
                Tags = tags[key % 4],
                Role = "",
                RouteAsked = key % 2 == 0 ? "claude" : "fast",
                Route = key % 2 == 0 ? "claude" : "fast",
                Provider = providers[vendor],
                Model = models[vendor],
                Credential = providers[vendor] + "#1",
                Amount = new Credits(random.Next(50_000_000)),
                Tokens = random.Next(50_000),
            };
            chain.Add(
                hold,
                new SettlementRecord
                {
                    HoldId = hold.Id,
                    At = at + TimeSpan.FromTicks(random.Next(80_000_000)),
                    Outcome = random.Next(50) == 0 ? EntryOutcome.Cut : EntryOutcome.Completed,
                    Status = 200,
                    Cost = new Credits(random.Next(20_000_000)),
                    Duration = TimeSpan.FromTicks(random.Next(80_000_000)),
                    TimeToFirstContent = TimeSpan.FromTicks(random.Next(8_000_000)),
                    Usage = new Usage
                    {
                        InputTokens = random.Next(20_000),
                        CacheReadTokens = random.Next(3) == 0 ? random.Next(9_000) : 0,
                        OutputTokens = random.Next(2_000),
                        Evidence = UsageEvidence.Reported,
                    },
                }
            );
            if ((i + 1) % Batch == 0 || i + 1 == entries)
            {
                store.Append(chain.Batch([], [], 2L * i + 2));
                chain.Written();
            }
        }
    }

    private static void Say(string what, double figure, string unit) =>
        Console.WriteLine($"{what, -44} {figure.ToString(figure < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture), 14} {unit}");

    private sealed class WorkDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sluice-bench-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
