using System.Collections.Concurrent;
using Sluice.Calls;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>Remembers for five minutes who answered a conversation, where its next turn might go to somebody else.</summary>
/// <remarks>State: it knows targets by their names and outlives a reload. A conversation that stays by itself is never looked at.</remarks>
internal sealed class Affinity(TimeProvider time)
{
    private const int Bound = 50_000;

    private static readonly TimeSpan For = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<UInt128, Known> _known = new();
    private int _count;

    /// <summary>The target that answered before, where it matters that it answers again; <see langword="null"/> for none.</summary>
    public string? Before(Call call, Route route, ClientRequest request) =>
        Volatile.Read(ref _count) > 0
        && route.Affinity
        && Conversation.Sticks(request)
        && _known.TryGetValue(Conversation.PrintOf(call, request), out var known)
        && known.Until > time.GetUtcNow()
            ? known.Target
            : null;

    public void Note(Call call, ClientRequest request, Target target)
    {
        var now = time.GetUtcNow();
        if (Volatile.Read(ref _count) >= Bound)
        {
            Forget(now);
        }

        if (Volatile.Read(ref _count) >= Bound)
        {
            return;
        }

        var (print, known) = (Conversation.PrintOf(call, request), new Known(target.Name, now + For));
        if (_known.TryAdd(print, known))
        {
            Interlocked.Increment(ref _count);
        }
        else
        {
            _known[print] = known;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (print, known) in _known)
        {
            if (known.Until <= now && _known.TryRemove(KeyValuePair.Create(print, known)))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }

    private sealed record Known(string Target, DateTimeOffset Until);
}
