using System.Collections.Concurrent;
using Sluice.Ledger;
using Sluice.Ledger.Verification;
using Sluice.Money;
using Sluice.Simulator;
using Sluice.Storage;
using Sluice.Storage.Sqlite;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

public sealed class CrashTests
{
    private const int Kills = 3;

    /// <summary>A gateway under load is killed with SIGKILL, again and again: what a client was answered is in the ledger, no hold is lost.</summary>
    [Fact]
    public async Task Kill_UnderLoad_LosesNoAcknowledgedEntryAndNoHold()
    {
        using var directory = new TempDirectory();
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await ConfigureAsync(directory, simulator, "100 USD");
        var acknowledged = new ConcurrentBag<string>();
        for (var i = 0; i < Kills; i++)
        {
            await LoadAndKillAsync(directory, acknowledged, 150);
        }

        await using (var ledger = new DataDirectory(directory.File("d")).OpenLedger(new LedgerSettings(), TimeProvider.System))
        {
            ledger.OpenHolds.ShouldBe(0);
        }

        using var store = new SqliteLedgerStore(directory.File("d/sluice.db"));
        using var view = store.Look();
        var entries = view.Entries(1, long.MaxValue).Select(e => e.Readable).ToList();
        var completed = entries.Where(e => e.Settlement.Outcome == EntryOutcome.Completed).Select(e => e.Hold.Call).ToList();
        completed.ShouldBeUnique();
        acknowledged.Except(completed).ShouldBeEmpty();
        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(Kills * 150);
        var verification = new LedgerVerifier(store, new DataDirectory(directory.File("d")).Anchors).Run(
            TestContext.Current.CancellationToken
        );
        verification.Findings.ShouldBeEmpty();
        verification.Entries.ShouldBe(entries.Count);
        store.ReadTail().OpenHolds.ShouldBeEmpty();
    }

    /// <summary>Every kill books what was under way whole: the budget is soon used up, and never more than that.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task TenKills_OnATightBudget_NeverOverspend()
    {
        using var directory = new TempDirectory();
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await ConfigureAsync(directory, simulator, "0.01 USD");
        for (var i = 0; i < 10; i++)
        {
            await LoadAndKillAsync(directory, [], 150);
        }

        await using (var ledger = new DataDirectory(directory.File("d")).OpenLedger(new LedgerSettings(), TimeProvider.System))
        {
            ledger.OpenHolds.ShouldBe(0);
        }

        using var store = new SqliteLedgerStore(directory.File("d/sluice.db"));
        using var view = store.Look();
        var spent = view.Entries(1, long.MaxValue).Sum(e => e.Readable.Settlement.Cost.Nano);
        spent.ShouldBeInRange(Credits.FromDollars(0.005m).Nano, Credits.FromDollars(0.01m).Nano);
        new LedgerVerifier(store, new DataDirectory(directory.File("d")).Anchors)
            .Run(TestContext.Current.CancellationToken)
            .Findings.ShouldBeEmpty();
    }

    private static Task ConfigureAsync(TempDirectory directory, SimulatorServer simulator, string limit) =>
        File.WriteAllTextAsync(
            directory.File("sluice.json"),
            $$"""
            {
              "providers": { "oai": { "preset": "openai", "baseUrl": "{{simulator.BaseAddress}}v1", "apiKey": "env:KEY" } },
              "routes": { "r": { "targets": ["oai/gpt-4o-mini"] } },
              "budgets": [{ "name": "all", "limit": "{{limit}}", "per": "total" }]
            }
            """,
            TestContext.Current.CancellationToken
        );

    private static async Task LoadAndKillAsync(TempDirectory directory, ConcurrentBag<string> acknowledged, int until)
    {
        var (process, address) = await CliProcess.ServeAsync(directory.Path, "--config", "sluice.json", "--data", "d");
        using (process)
        {
            using var http = new HttpClient { BaseAddress = address };
            var target = acknowledged.Count + until;
            var enough = new TaskCompletionSource();
            var load = Enumerable.Range(0, 16).Select(_ => CallUntilItDiesAsync(http, acknowledged, target, enough)).ToList();
            await enough.Task;
            process.Kill();
            await process.WaitForExitAsync();
            await Task.WhenAll(load);
        }
    }

    private static async Task CallUntilItDiesAsync(
        HttpClient http,
        ConcurrentBag<string> acknowledged,
        int target,
        TaskCompletionSource enough
    )
    {
        try
        {
            while (true)
            {
                using var response = await http.PostAsync(
                    "/v1/chat/completions",
                    new StringContent("""{"model":"r","max_tokens":20,"messages":[{"role":"user","content":"hi"}]}""")
                );
                await response.Content.ReadAsByteArrayAsync();
                acknowledged.Add(response.Headers.GetValues("x-sluice-call").Single());
                if (acknowledged.Count >= target)
                {
                    enough.TrySetResult();
                }
            }
        }
        catch (HttpRequestException)
        {
            // The gateway is gone, as intended.
        }
    }
}
