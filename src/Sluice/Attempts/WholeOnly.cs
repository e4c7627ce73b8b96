using System.Collections.Concurrent;
using Sluice.Calls;

namespace Sluice.Attempts;

/// <summary>Remembers for a while which models turned out not to stream, so that they are not asked in vain each time.</summary>
internal sealed class WholeOnly(TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Provider, string Model), DateTimeOffset> _until = new();

    public void Note(Target target) => _until[(target.Provider.Name, target.Model)] = time.GetUtcNow() + Remembered;

    public bool Knows(Target target) =>
        !_until.IsEmpty && _until.TryGetValue((target.Provider.Name, target.Model), out var until) && time.GetUtcNow() < until;
}
