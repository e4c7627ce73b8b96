using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Cli.Scenarios.Files;
using Sluice.Cli.Scenarios.Running;
using Sluice.Configuration;

namespace Sluice.Cli.Scenarios.Chaos;

/// <summary>Half an hour in which everything goes wrong by chance, on the real gateway; a seed makes it go wrong in the same way again.</summary>
internal sealed class ChaosRun(int seed, int calls, TimeProvider time)
{
    private const int MostFailuresTold = 20;

    private static readonly TimeSpan Length = TimeSpan.FromMinutes(30);

    private readonly Timeline _timeline = new(time);
    private readonly Dictionary<string, Receipt> _receipts = [];
    private readonly List<string> _failures = [];
    private readonly List<(TimeSpan From, TimeSpan Until, JsonObject Configuration)> _inForce = [];

    /// <summary>It begins a quarter before the hour, so that windows begin anew in its middle.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 12, 1, 11, 45, 0, TimeSpan.Zero);

    /// <summary>What is run, as far as a file could say it.</summary>
    public Scenario Scenario { get; } =
        new()
        {
            Name = "everything goes wrong by chance",
            File = string.Create(CultureInfo.InvariantCulture, $"chaos, seed {seed}"),
            Cell = new Cell("all", "all", null),
            Configuration = ChaosWorld.Configuration(calls),
            Directory = "",
            Environment = new Dictionary<string, string>(),
            Keys = new Dictionary<string, JsonObject>(),
            Start = Start,
            Seed = seed,
            Faults = new Dictionary<string, IReadOnlyList<FaultStep>>(),
            Calls = [],
            Reloads = [],
            Checks = [],
            Expect = ExpectationReader.End(null),
        };

    /// <param name="data">An empty directory for what the gateway keeps.</param>
    public async Task<ScenarioResult> RunAsync(string data)
    {
        var providers = new ChaosProviders(seed, time, _timeline);
        var scenario = Scenario with { Directory = data };
        var world = await World
            .StartAsync(scenario, providers.AnswerAsync, time, data, sockets: false, entries: calls * 20)
            .ConfigureAwait(false);
        await using (world.ConfigureAwait(false))
        {
            var key = await world.MakeKeyAsync("chaos", new JsonObject { ["overrides"] = true }).ConfigureAwait(false);
            _timeline.Begin();
            var random = new Random(seed);
            var all = Enumerable.Range(1, calls).Select(n => ChaosCall.Draw(n, random, Length)).ToList();
            var changing = ChangeAsync(world, scenario.Configuration);
            await Task.WhenAll(all.Select(call => CallAsync(world, call, key))).ConfigureAwait(false);
            await changing.ConfigureAwait(false);

            // What goes on behind clients that left has its time to get done.
            await Task.Delay(TimeSpan.FromMinutes(2), time).ConfigureAwait(false);
            Collect(world);
            var checks = new ChaosChecks(all, _receipts, _inForce, providers, world.Gateway.Engine.Ledger);
            _failures.AddRange(checks.Failures(calls));
            var result = scenario with { Name = ChaosSummary.Of(all, _receipts.Values, providers) };
            return new ScenarioResult(result, Told(), ChaosSummary.Errors(all), _timeline.Now);
        }
    }

    private List<string> Told()
    {
        var told = _failures.Take(MostFailuresTold).ToList();
        if (told.Count > 0)
        {
            told.Add($"{_failures.Count} in all; `sluice verify --builtin chaos --seed {seed} --calls {calls}` shows the same again");
        }

        return told;
    }

    private async Task CallAsync(World world, ChaosCall call, string key)
    {
        await _timeline.UntilAsync(call.At).ConfigureAwait(false);
        await ScenarioCaller.CallAsync(world, _timeline, call.Seen, key).ConfigureAwait(false);

        // The gateway keeps the newest receipts; they are all wanted here.
        if (call.Seen.Number % 100 == 0)
        {
            Collect(world);
        }
    }

    private void Collect(World world)
    {
        foreach (var receipt in world.Gateway.Engine.Receipts.All)
        {
            _receipts[receipt.Call] = receipt;
        }
    }

    private async Task ChangeAsync(World world, JsonObject configuration)
    {
        var (now, from) = (configuration, TimeSpan.Zero);
        for (var i = 0; ; i++)
        {
            var at = TimeSpan.FromMinutes(2) * (i + 1);
            if (at >= Length)
            {
                break;
            }

            await _timeline.UntilAsync(at).ConfigureAwait(false);
            var change = ChaosWorld.Changes[i % ChaosWorld.Changes.Count];
            var refused = change == ChaosWorld.Changes[^1];
            var began = _timeline.Now;
            var errors = await world.ReloadAsync(change).ConfigureAwait(false);
            if (errors.Count > 0 != refused)
            {
                _failures.Add($"reload {i + 1}: {(refused ? "was taken into use, which breaks a rule" : string.Join("; ", errors))}");
            }

            if (!refused)
            {
                _inForce.Add((from, _timeline.Now, now));
                (now, from) = ((JsonObject)now.DeepClone(), began);
                Merging.Overlay(now, change);
            }
        }

        _inForce.Add((from, TimeSpan.MaxValue, now));
    }
}
