using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Admission.Health;
using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>In which order the keys of a pool are asked: the least busy first, and in turn where several are.</summary>
internal sealed class KeyOrder(TargetHealth health)
{
    private readonly ConcurrentDictionary<string, Turn> _turns = new();

    /// <param name="spent">Keys that this call need not try again.</param>
    public ImmutableArray<Credential> Of(Provider provider, IReadOnlySet<string> spent)
    {
        var keys = provider.Credentials;
        if (keys.Length == 1)
        {
            return spent.Contains(keys[0].Id) ? [] : keys;
        }

        var first = _turns.GetOrAdd(provider.Name, static _ => new Turn()).Next() % (uint)keys.Length;
        var order = ImmutableArray.CreateBuilder<Credential>(keys.Length);
        var busy = new int[keys.Length];
        for (var i = 0u; i < keys.Length; i++)
        {
            var key = keys[(int)((first + i) % keys.Length)];
            if (!spent.Contains(key.Id))
            {
                Insert(order, busy, key, health.LoadOf(provider.Name, key.Id).InFlight);
            }
        }

        return order.ToImmutable();
    }

    /// <summary>Behind those that are as busy, so that their turn decides.</summary>
    private static void Insert(ImmutableArray<Credential>.Builder order, int[] busy, Credential key, int inFlight)
    {
        var place = order.Count;
        while (place > 0 && busy[place - 1] > inFlight)
        {
            busy[place] = busy[place - 1];
            place--;
        }

        busy[place] = inFlight;
        order.Insert(place, key);
    }

    private sealed class Turn
    {
        private uint _next = uint.MaxValue;

        public uint Next() => Interlocked.Increment(ref _next);
    }
}
