using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Sluice.Cli.Scenarios.Files;
using Sluice.Simulator;

namespace Sluice.Cli.Scenarios.Running;

/// <summary>The providers of a scenario: simulated, and failing as it says.</summary>
internal sealed class ScriptedProviders
{
    private readonly ConcurrentDictionary<string, SimulatedProvider> _providers = new();
    private readonly Dictionary<string, Script> _scripts = [];
    private readonly Lock _lock = new();
    private readonly List<(string Target, SimulatedRequest Request)> _requests = [];
    private readonly SimulatedVendors _vendors;
    private readonly TimeProvider _time;
    private readonly Timeline _timeline;

    public ScriptedProviders(Scenario scenario, TimeProvider time, Timeline timeline)
    {
        (_time, _timeline) = (time, timeline);
        _vendors = new SimulatedVendors(name => _providers.GetOrAdd(Uri.UnescapeDataString(name), Create));
        foreach (var (target, steps) in scenario.Faults)
        {
            _scripts.Add(target, new Script(steps));
        }
    }

    /// <summary>Every request of a model, in order.</summary>
    public IReadOnlyList<(string Target, SimulatedRequest Request)> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public Task AnswerAsync(HttpContext context) => _vendors.AnswerAsync(context);

    private SimulatedProvider Create(string name) =>
        new(new SimulatorOptions { Time = _time }) { Faults = request => FaultOf($"{name}/{request.Model}", request) };

    private Fault? FaultOf(string target, SimulatedRequest request)
    {
        _timeline.Note($"{target} asked");
        _ = request.ClientGone.ContinueWith(
            (_, state) => _timeline.Note($"{state} left"),
            target,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        lock (_lock)
        {
            _requests.Add((target, request));
            return _scripts.TryGetValue(target, out var script) ? script.Next(_timeline.Now) : null;
        }
    }

    /// <summary>The faults of one target: those of a time first, then one after the other.</summary>
    private sealed class Script(IReadOnlyList<FaultStep> steps)
    {
        private int _step;
        private int _times;

        public Fault? Next(TimeSpan now)
        {
            foreach (var window in steps)
            {
                if (window.IsWindow && now >= (window.From ?? TimeSpan.Zero) && !(now >= window.Until))
                {
                    return window.Fault;
                }
            }

            while (_step < steps.Count && (steps[_step].IsWindow || _times >= steps[_step].Times))
            {
                (_step, _times) = (_step + 1, 0);
            }

            if (_step == steps.Count)
            {
                return null;
            }

            _times++;
            return steps[_step].Fault;
        }
    }
}
