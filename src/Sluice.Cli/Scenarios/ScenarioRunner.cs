using System.Diagnostics;
using Sluice.Cli.Scenarios.Chaos;
using Sluice.Cli.Scenarios.Files;
using Sluice.Cli.Scenarios.Running;
using Sluice.Cli.Scenarios.Time;
using Sluice.Configuration;

namespace Sluice.Cli.Scenarios;

/// <summary>Runs scenarios: one after the other in virtual time, or several at once over sockets, with all durations divided.</summary>
/// <param name="speed">How many times as fast the clock goes over sockets; <see langword="null"/> for virtual time.</param>
/// <param name="directory">Where gateways may keep what they keep.</param>
internal sealed class ScenarioRunner(int? speed, string directory)
{
    /// <summary>Scenarios under way at once over sockets: they wait most of their time.</summary>
    private const int MostAtOnce = 4;

    private readonly EmptyDatabase _database = new(directory);
    private int _count;

    /// <summary>The results in the order of the scenarios, each as soon as it is there.</summary>
    public async IAsyncEnumerable<ScenarioResult> RunAsync(IReadOnlyList<Scenario> scenarios)
    {
        if (speed is not { } times)
        {
            foreach (var scenario in scenarios)
            {
                var clock = new VirtualClock(scenario.Start);
                yield return await RunAsync(
                        scenario,
                        data => VirtualTime.RunAsync(clock, () => new ScenarioRun(scenario, clock, Tolerance.None).RunAsync(data, false))
                    )
                    .ConfigureAwait(false);
            }

            yield break;
        }

        using var places = new SemaphoreSlim(MostAtOnce);
        var running = scenarios.Select(s => RunOverSocketsAsync(s, places, times)).ToList();
        foreach (var (scenario, first) in scenarios.Zip(running))
        {
            var result = await first.ConfigureAwait(false);
            if (result.Failures.Count > 0)
            {
                // A clock that goes fast makes little delays long ones: what failed for that alone passes on a slower one.
                await Task.WhenAll(running).ConfigureAwait(false);
                result = await RunOverSocketsAsync(scenario, places, Math.Max(1, times / 4)).ConfigureAwait(false);
            }

            yield return result;
        }
    }

    /// <summary>A run in which everything goes wrong by chance, in virtual time.</summary>
    public Task<ScenarioResult> RunChaosAsync(int seed, int calls)
    {
        var clock = new VirtualClock(ChaosRun.Start);
        var run = new ChaosRun(seed, calls, clock);
        return RunAsync(run.Scenario, data => VirtualTime.RunAsync(clock, () => run.RunAsync(data)));
    }

    private async Task<ScenarioResult> RunOverSocketsAsync(Scenario scenario, SemaphoreSlim places, int times)
    {
        await places.WaitAsync().ConfigureAwait(false);
        try
        {
            var clock = new FastClock(scenario.Start, times);
            var run = new ScenarioRun(scenario, clock, Tolerance.OfSpeed(times));
            return await RunAsync(scenario, data => run.RunAsync(data, sockets: true)).ConfigureAwait(false);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<ScenarioResult> RunAsync(Scenario scenario, Func<string, Task<ScenarioResult>> run)
    {
        var began = Stopwatch.GetTimestamp();
        var data = Path.Combine(directory, $"run{Interlocked.Increment(ref _count)}");
        try
        {
            ScenarioResult result;
            using (_database.PutInto(data))
            {
                result = await run(data).ConfigureAwait(false);
            }

            Directory.Delete(data, recursive: true);
            return result with { Took = Stopwatch.GetElapsedTime(began) };
        }
        catch (StuckException exception)
        {
            return new ScenarioResult(scenario, [exception.Message], [], TimeSpan.Zero) { Took = Stopwatch.GetElapsedTime(began) };
        }
        catch (ConfigurationException exception)
        {
            var place = $"{scenario.File}: configuration.";
            throw new ConfigurationException([.. exception.Errors.Select(e => e with { Path = place + e.Path })]);
        }
    }
}
