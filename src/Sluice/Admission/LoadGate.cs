using System.Collections.Concurrent;
using Sluice.Calls;
using Sluice.Routing;

namespace Sluice.Admission;

/// <summary>Watches how busy targets are and how soon they answer, for routes that order by it; refuses nobody. While none does, it watches nothing.</summary>
/// <remarks>State: it is keyed by stable names and outlives a reload.</remarks>
internal sealed class LoadGate(TimeProvider time) : IAdmissionGate, ITargetFigures
{
    private readonly ConcurrentDictionary<(string Provider, string Model), TargetLoad> _loads = new();
    private bool _watches;

    /// <summary>Whether any route of the configuration orders by what is watched.</summary>
    public bool Watches
    {
        get => Volatile.Read(ref _watches);
        set => Volatile.Write(ref _watches, value);
    }

    public ValueTask<Admission> EnterAsync(Call call, Candidate candidate, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Watches ? Admission.Granted(Of(candidate.Target).Enter(call.Features.Stream)) : Admission.Granted());

    public int InFlight(Target target) => Find(target)?.InFlight ?? 0;

    public TimeSpan? Latency(Target target, bool stream) => Find(target)?.Latency(stream);

    public bool TryExplore(Target target) => Of(target).TryExplore();

    public bool MayExplore(Target target) => Find(target)?.MayExplore ?? true;

    private TargetLoad? Find(Target target) => _loads.GetValueOrDefault((target.Provider.Name, target.Model));

    private TargetLoad Of(Target target) =>
        _loads.GetOrAdd((target.Provider.Name, target.Model), static (_, time) => new TargetLoad(time), time);
}
