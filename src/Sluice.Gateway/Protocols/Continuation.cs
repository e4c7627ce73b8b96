using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Gateway.Ids;
using Sluice.Storage.Sqlite;
using Sluice.Wires;

namespace Sluice.Gateway.Protocols;

/// <summary>What a request refers to at a provider, held against the key that asks.</summary>
/// <param name="Keeper">The one that must answer; <see langword="null"/> where the request brings everything itself.</param>
/// <param name="Mentions">What it names, its own or nobody's.</param>
internal sealed record Continuation(Keeper? Keeper, IReadOnlyList<Mention> Mentions)
{
    private static readonly Continuation OfNothing = new(null, []);

    /// <exception cref="RequestException">Nobody the route leads to could go on from it.</exception>
    /// <exception cref="NotKeptException">It is another key's, or an answer that nobody is known to keep.</exception>
    public static Continuation Of(Snapshot snapshot, RequestHead head, WireKind wire, Caller caller, MadeIds made)
    {
        var state = head.Features.State;
        var mentions = MayMention(head.Features, made) ? MentionScan.Of(head.Body) : [];
        if (state.Count == 0 && mentions.Count == 0)
        {
            return OfNothing;
        }

        var targets = snapshot.Table.Reachable(snapshot.Table.Resolve(head.Model)).Where(t => t.Wire == wire).ToList();
        if (state.Count > 0 && targets.Count == 0)
        {
            throw Elsewhere(head, state[0].Member);
        }

        var holders = new List<(string Member, MadeId Made)>();
        foreach (var reference in state)
        {
            holders.Add((reference.Member, Own(made, reference.Id, caller.Key) ?? throw new NotKeptException(reference)));
        }

        string? unknown = null;
        foreach (var mention in mentions)
        {
            if (Holder(made, mention, caller) is { } holder)
            {
                holders.Add((mention.Member, holder));
            }
            else if (mention.Held)
            {
                unknown ??= mention.Member;
            }
        }

        if (holders.Count == 0 && unknown is null)
        {
            return OfNothing with { Mentions = mentions };
        }

        return targets.Count == 0
            ? throw Elsewhere(head, holders.Count > 0 ? holders[0].Member : unknown!)
            : new Continuation(KeeperOf(snapshot, holders, targets), mentions);
    }

    private static bool MayMention(CallFeatures features, MadeIds made) => !made.IsEmpty || features.UnboundedInput || features.ServerTools;

    private static MadeId? Own(MadeIds made, ReadOnlySpan<char> id, string? key)
    {
        foreach (var one in made.Of(id))
        {
            if (one.BelongsTo(key))
            {
                return one;
            }
        }

        return null;
    }

    /// <returns>What the caller's key made and names; <see langword="null"/> where nobody made it here, as far as is known.</returns>
    private static MadeId? Holder(MadeIds made, Mention mention, Caller caller)
    {
        MadeId? own = null;
        var ids = new BodyIds(id =>
        {
            own ??= Own(made, id, caller.Key);
            return made.Of(id).Length > 0 && Own(made, id, caller.Key) is null;
        });
        return ids.Sees(mention.Value.Span, last: true)
            ? throw new NotKeptException(new StateReference(mention.Member, System.Text.Encoding.UTF8.GetString(mention.Value.Span)))
            : own;
    }

    /// <summary>Who holds everything; where nobody is known to, whoever the route asks first.</summary>
    private static Keeper KeeperOf(Snapshot snapshot, List<(string Member, MadeId Made)> holders, List<Target> targets)
    {
        if (holders.Count == 0)
        {
            return new Keeper(targets[0].Provider.Name, "", "");
        }

        var keeper = At(snapshot, holders[0].Made, targets);
        foreach (var (member, made) in holders)
        {
            if (At(snapshot, made, targets).Provider != keeper.Provider)
            {
                throw new RequestException($"{member}: it is kept by another provider than the rest", member);
            }
        }

        return keeper;
    }

    /// <summary>A vendor's account may be configured once for each protocol: what was made in one of them is there in the others.</summary>
    private static Keeper At(Snapshot snapshot, MadeId made, List<Target> targets)
    {
        var there = targets.Exists(t => t.Provider.Name == made.Provider);
        if (!there && snapshot.Providers.TryGetValue(made.Provider, out var maker))
        {
            foreach (var target in targets)
            {
                if (maker.SameAccount(made.Credential, target.Provider) is { } credential)
                {
                    return new Keeper(target.Provider.Name, made.Model, credential.Id);
                }
            }
        }

        return new Keeper(made.Provider, made.Model, made.Credential);
    }

    private static RequestException Elsewhere(RequestHead head, string member) =>
        new(
            $"{member}: '{head.Model}' is answered over another protocol, where nothing is kept; send the whole conversation and its content",
            member
        );
}

/// <summary>What a request goes on from is not kept for its caller; the message may reach him.</summary>
internal sealed class NotKeptException(StateReference reference) : Exception($"'{reference.Id}' not found")
{
    public StateReference Reference { get; } = reference;
}
