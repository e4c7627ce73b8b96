using Sluice.Calls;
using Sluice.Cli.Scenarios.Checks;
using Sluice.Cli.Scenarios.Files;

namespace Sluice.Cli.Scenarios.Running;

/// <summary>One scenario from its first call to its last expectation.</summary>
internal sealed class ScenarioRun(Scenario scenario, TimeProvider time, Tolerance tolerance)
{
    private readonly Timeline _timeline = new(time);
    private readonly List<Seen> _seen = [];
    private readonly List<string> _failures = [];
    private readonly Dictionary<string, string> _keys = [];

    /// <param name="data">An empty directory for what the gateway keeps.</param>
    public async Task<ScenarioResult> RunAsync(string data, bool sockets)
    {
        var providers = new ScriptedProviders(scenario, time, _timeline);
        var world = await World.StartAsync(scenario, providers.AnswerAsync, time, data, sockets).ConfigureAwait(false);
        await using (world.ConfigureAwait(false))
        {
            foreach (var (name, rules) in scenario.Keys)
            {
                _keys[name] = await world.MakeKeyAsync(name, rules).ConfigureAwait(false);
            }

            await world.WarmUpAsync().ConfigureAwait(false);
            _timeline.Begin();
            var checks = new StateChecks(world, providers, _failures);
            List<Task> beside =
            [
                .. scenario.Reloads.Select((r, i) => ReloadAsync(world, r, i)),
                .. scenario.Checks.Select(c => LookAsync(checks, c)),
            ];
            await CallAllAsync(world).ConfigureAwait(false);
            var took = _seen.Count == 0 ? TimeSpan.Zero : _seen.Max(s => s.Ended);
            await Task.WhenAll(beside).ConfigureAwait(false);

            // What goes on behind a client's back, such as the end of a call that it left, has a moment to get done.
            await Task.Delay(TimeSpan.FromSeconds(1), time).ConfigureAwait(false);
            Receipts.Assign(world.Gateway.Engine.Receipts, _seen);
            foreach (var seen in _seen)
            {
                _failures.AddRange(new CallCheck(seen, tolerance).Failures());
            }

            _failures.AddRange(LedgerCheck.Failures(world.Gateway.Engine.Ledger, _seen.Select(s => s.Receipt).OfType<Receipt>()));

            checks.Look(scenario.Expect, "expect");
            _failures.AddRange(new EndCheck(scenario.Expect, _timeline, providers, tolerance).Failures(took));
            if (world.Gateway.Engine.Ledger.OpenHolds is > 0 and var open)
            {
                _failures.Add($"{open} holds are open, though no call is under way");
            }

            return new ScenarioResult(scenario, _failures, Story.Tell(_timeline, _seen), took);
        }
    }

    private async Task CallAllAsync(World world)
    {
        var running = new List<Task>();
        foreach (var step in scenario.Calls)
        {
            if (step.At is null)
            {
                await Task.WhenAll(running).ConfigureAwait(false);
            }

            var first = step.At ?? _timeline.Now;
            for (var i = 0; i < step.Repeat; i++)
            {
                var seen = new Seen { Step = step, Number = _seen.Count + 1 };
                _seen.Add(seen);
                running.Add(CallAsync(world, seen, first + i * step.Every));
            }
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task CallAsync(World world, Seen seen, TimeSpan at)
    {
        await _timeline.UntilAsync(at).ConfigureAwait(false);
        await ScenarioCaller.CallAsync(world, _timeline, seen, seen.Step.Key is { } key ? _keys[key] : null).ConfigureAwait(false);
    }

    private async Task ReloadAsync(World world, ReloadStep step, int index)
    {
        await _timeline.UntilAsync(step.At).ConfigureAwait(false);
        _timeline.Note("the configuration changes");
        var errors = await world.ReloadAsync(step.Configuration).ConfigureAwait(false);
        if (step.Refused is not { } words)
        {
            _failures.AddRange(errors.Select(error => $"reloads[{index}]: {error}"));
        }
        else if (!errors.Any(error => error.Contains(words, StringComparison.Ordinal)))
        {
            var had = errors.Count == 0 ? "it was taken into use" : string.Join("; ", errors);
            _failures.Add($"reloads[{index}].refused: expected '{words}', was: {had}");
        }
    }

    private async Task LookAsync(StateChecks checks, CheckStep step)
    {
        await _timeline.UntilAsync(step.At).ConfigureAwait(false);
        checks.Look(step.Expect, step.Path);
    }
}

/// <summary>How one scenario went.</summary>
/// <param name="Story">What happened, line by line.</param>
/// <param name="Elapsed">How long it took, on the scenario's clock.</param>
internal sealed record ScenarioResult(Scenario Scenario, IReadOnlyList<string> Failures, IReadOnlyList<string> Story, TimeSpan Elapsed)
{
    /// <summary>How long it took in truth.</summary>
    public TimeSpan Took { get; init; }
}

/// <summary>How much a clock that cannot be held still may be off.</summary>
internal sealed record Tolerance(TimeSpan Early, TimeSpan Late)
{
    public static Tolerance None { get; } = new(TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Timers count milliseconds, and a machine under load may be a second late.</summary>
    public static Tolerance OfSpeed(int speed) => new(TimeSpan.FromMilliseconds(5) * speed, TimeSpan.FromSeconds(1) * speed);
}
