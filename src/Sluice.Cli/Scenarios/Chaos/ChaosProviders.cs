using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Sluice.Cli.Scenarios.Running;
using Sluice.Simulator;

namespace Sluice.Cli.Scenarios.Chaos;

/// <summary>Providers that are well, shaky or down by turns, and fail in every way the simulator knows.</summary>
internal sealed partial class ChaosProviders
{
    /// <summary>All faults, with how often each is drawn against the others.</summary>
    private static readonly (string Name, int Weight)[] Faults =
    [
        ("status-500", 6),
        ("status-502", 3),
        ("status-503", 6),
        ("status-529", 6),
        ("status-408", 2),
        ("status-429", 6),
        ("status-429-retry-1", 4),
        ("status-429-retry-9", 3),
        ("status-400", 1),
        ("context", 1),
        ("filter", 1),
        ("silence", 4),
        ("reset", 6),
        ("slow-2s", 5),
        ("slow-5s", 5),
        ("slow-20s", 3),
        ("slow-4s+status-503", 3),
        ("delay-50ms", 5),
        ("delay-400ms", 4),
        ("cut-N", 10),
        ("delay-50ms+cut-N", 5),
        ("stall-N", 6),
        ("error-first", 4),
        ("error-role", 4),
        ("error-N", 6),
        ("malformed-N", 5),
        ("bytes", 4),
        ("bytes+cut-N", 2),
        ("noend", 3),
        ("nofinish", 4),
        ("nousage", 4),
        ("noprefill", 3),
        ("html", 3),
    ];

    /// <summary>Faults that take a target away for minutes: too many of them, and nothing else would be seen.</summary>
    private static readonly string[] Lasting = ["key", "status-404", "quota"];

    private static readonly TimeSpan BetweenLasting = TimeSpan.FromMinutes(1);

    private static readonly int[] ShareThatFails = [4, 4, 35, 90];

    private readonly ConcurrentDictionary<string, SimulatedProvider> _providers = new();
    private readonly Dictionary<string, (int Share, TimeSpan Until)> _moods = [];
    private readonly List<(string Target, int Call)> _asked = [];
    private readonly Lock _lock = new();
    private readonly SimulatedVendors _vendors;
    private readonly Random _random;
    private readonly Timeline _timeline;
    private TimeSpan _nextLasting = BetweenLasting;

    public ChaosProviders(int seed, TimeProvider time, Timeline timeline)
    {
        (_random, _timeline) = (new Random(seed), timeline);
        _vendors = new SimulatedVendors(name =>
            _providers.GetOrAdd(
                Uri.UnescapeDataString(name),
                n => new(new SimulatorOptions { Time = time }) { Faults = r => FaultOf($"{n}/{r.Model}", r) }
            )
        );
    }

    /// <summary>Who was asked on behalf of which call.</summary>
    public IReadOnlyList<(string Target, int Call)> Asked
    {
        get
        {
            lock (_lock)
            {
                return [.. _asked];
            }
        }
    }

    /// <summary>How often something went wrong.</summary>
    public int Failed { get; private set; }

    public Task AnswerAsync(HttpContext context) => _vendors.AnswerAsync(context);

    private Fault? FaultOf(string target, SimulatedRequest request)
    {
        lock (_lock)
        {
            var number = Mark().Match(Encoding.UTF8.GetString(request.Body.Span));
            _asked.Add((target, number.Success ? int.Parse(number.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) : 0));
            if (_random.Next(100) >= ShareOf(target))
            {
                return Paced(new Fault());
            }

            Failed++;
            return Paced(Draw(target));
        }
    }

    private int ShareOf(string target)
    {
        if (!_moods.TryGetValue(target, out var mood) || mood.Until <= _timeline.Now)
        {
            var share = ShareThatFails[_random.Next(ShareThatFails.Length)];
            mood = (share, _timeline.Now + TimeSpan.FromSeconds(20 + _random.Next(100)));
            _moods[target] = mood;
        }

        return mood.Share;
    }

    /// <summary>Answers take their time, so that calls overlap and clients leave in the middle of one.</summary>
    private Fault Paced(Fault fault)
    {
        var first = TimeSpan.FromMilliseconds(_random.Next(50, 1500));
        var between = _random.Next(4) == 0 ? TimeSpan.FromMilliseconds(_random.Next(5, 60)) : TimeSpan.Zero;
        return fault with
        {
            FirstContent = fault.FirstContent > TimeSpan.Zero ? fault.FirstContent : first,
            BetweenTokens = fault.BetweenTokens > TimeSpan.Zero || fault.OneByte ? fault.BetweenTokens : between,
        };
    }

    private Fault Draw(string target)
    {
        if (_timeline.Now >= _nextLasting)
        {
            _nextLasting = _timeline.Now + BetweenLasting;

            // A quota of Gemini's lasts for the day, which would be the end of it; a pool has other keys.
            var some = target.StartsWith("alpha/", StringComparison.Ordinal) ? Lasting.Length : Lasting.Length - 1;
            return Fault.Named(Lasting[_random.Next(some)])!;
        }

        var place = _random.Next(Faults.Sum(f => f.Weight));
        var (name, _) = Faults.First(f => (place -= f.Weight) < 0);
        var tokens = _random.Next(1, 30).ToString(CultureInfo.InvariantCulture);
        return Fault.Named(name.Replace("N", tokens, StringComparison.Ordinal))!;
    }

    [GeneratedRegex("call-(?<number>[0-9]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Mark();
}
