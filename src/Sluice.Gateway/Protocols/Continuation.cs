using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Wires;

namespace Sluice.Gateway.Protocols;

/// <summary>Finds who keeps the state that a request goes on from.</summary>
internal static class Continuation
{
    /// <returns>The one that must answer; <see langword="null"/> where the request brings everything itself.</returns>
    /// <exception cref="RequestException">Nobody the route leads to could go on from it.</exception>
    /// <exception cref="NotKeptException">It is not known, or not the caller's.</exception>
    public static Keeper? KeeperOf(Snapshot snapshot, RequestHead head, WireKind wire, Caller caller, KeptAnswers kept)
    {
        if (head.Features.State.Count == 0)
        {
            return null;
        }

        var first = head.Features.State[0];
        if (!snapshot.Table.Reachable(snapshot.Table.Resolve(head.Model)).Any(t => t.Wire == wire))
        {
            throw new RequestException(
                $"{first.Member}: '{head.Model}' is answered over another protocol, where nothing is kept; send the whole conversation",
                first.Member
            );
        }

        Keeper? keeper = null;
        foreach (var reference in head.Features.State)
        {
            var found = kept.Find(reference.Id, caller.Key) ?? throw new NotKeptException(reference);
            if (keeper is not null && found.Provider != keeper.Provider)
            {
                throw new RequestException($"{reference.Member}: it is kept by another provider than the rest", reference.Member);
            }

            keeper = found;
        }

        return keeper;
    }
}

/// <summary>What a request goes on from is not kept for its caller; the message may reach him.</summary>
internal sealed class NotKeptException(StateReference reference) : Exception($"'{reference.Id}' not found")
{
    public StateReference Reference { get; } = reference;
}
