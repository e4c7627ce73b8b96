using System.Collections.Immutable;
using Sluice.Admission.Health;
using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>In which order the keys of a pool are asked: the least busy first, and of those the one that was used longest ago.</summary>
internal sealed class KeyOrder(TargetHealth health)
{
    /// <param name="provider">Whose pool.</param>
    /// <param name="spent">Keys that this call need not try again.</param>
    public ImmutableArray<Credential> Of(Provider provider, IReadOnlySet<string> spent)
    {
        var keys = provider.Credentials;
        if (keys.Length == 1)
        {
            return spent.Contains(keys[0].Id) ? [] : keys;
        }

        var order = ImmutableArray.CreateBuilder<Credential>(keys.Length);
        var ranks = new (int InFlight, long Used)[keys.Length];
        foreach (var key in keys)
        {
            if (!spent.Contains(key.Id))
            {
                var load = health.LoadOf(provider.Name, key.Id);
                Insert(order, ranks, key, (load.InFlight, load.Used));
            }
        }

        return order.DrainToImmutable();
    }

    private static void Insert(
        ImmutableArray<Credential>.Builder order,
        (int InFlight, long Used)[] ranks,
        Credential key,
        (int InFlight, long Used) rank
    )
    {
        var place = order.Count;
        while (place > 0 && ranks[place - 1].CompareTo(rank) > 0)
        {
            ranks[place] = ranks[place - 1];
            place--;
        }

        ranks[place] = rank;
        order.Insert(place, key);
    }
}
