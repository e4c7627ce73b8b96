using System.Buffers;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Routing;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Attempts;

/// <summary>What the caller sent: a raw body in the wire it came in, or records from the library.</summary>
internal sealed class ClientRequest
{
    private readonly WireTable _wires;
    private readonly ProviderOptions? _providerOptions;
    private readonly bool _holdsEnvelopes;
    private ChatRequest? _records;

    /// <summary>A request that came over a wire.</summary>
    public ClientRequest(WireTable wires, IWire wire, RequestHead head, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        _wires = wires;
        Wire = wire;
        (Head, _providerOptions) = ProviderOptions.TakeFrom(head, wire);
        Headers = headers;
        Features = head.Features;
        _holdsEnvelopes = Signatures.In(head.Body.Span);
    }

    /// <summary>A request of the library.</summary>
    public ClientRequest(WireTable wires, ChatRequest records, CallFeatures features)
    {
        _wires = wires;
        _records = records;
        Headers = [];
        Features = features;
    }

    /// <summary>The wire it came over; <see langword="null"/> for the library.</summary>
    public IWire? Wire { get; }

    public RequestHead? Head { get; }

    /// <summary>Headers of the client's wire that may be passed on to a provider of the same wire.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    public CallFeatures Features { get; }

    /// <summary>Whether the body passes through without translation.</summary>
    private bool PassesThrough(Target target) => Wire?.Kind == target.Wire && !_holdsEnvelopes;

    /// <summary>The body as this target is to be sent it.</summary>
    /// <exception cref="RequestException">The body cannot be read in its own protocol.</exception>
    public PreparedRequest Prepare(Target target, Route route, int? outputLimit = null)
    {
        var wire = _wires[target.Wire];
        var degradations = new List<Degradation>();
        var head = PassesThrough(target) ? Head! : Translate(wire, target, degradations);
        foreach (var dropped in target.Provider.Dialect.Drops)
        {
            if (head.Members.Find(dropped) is not null)
            {
                degradations.Add(new Degradation(dropped, $"left out: {target.Provider.Name} does not take it"));
            }
        }

        var limit = outputLimit ?? (Features.OutputLimit is null ? Math.Min(route.MaxOutput, target.Card.MaxOutput) : null);
        var askUsage = Features.Stream && !head.UsageAsked && target.Provider.Dialect.StreamUsage == StreamUsage.OnRequest;
        return new PreparedRequest
        {
            Body = wire.Splice(head, _providerOptions?.For(target) ?? target, new SpliceOptions(limit, askUsage)),
            OutputLimit = limit ?? Features.OutputLimit ?? target.Card.MaxOutput,
            HideUsage = PassesThrough(target) && Features.Stream && !Head!.UsageAsked,
            Headers = PassesThrough(target) ? Headers : [],
            Degradations = degradations,
        };
    }

    private RequestHead Translate(IWire wire, Target target, List<Degradation> degradations)
    {
        if (Features.State is [var kept, ..] && Wire?.Kind != target.Wire)
        {
            throw new RequestException(
                $"{kept.Member}: {target.Name} is asked over another protocol and does not know it; send the whole conversation",
                kept.Member
            );
        }

        _records ??= Wire!.Codec.ReadRequest(Head!.Body);
        var body = new ArrayBufferWriter<byte>();
        wire.Codec.WriteRequest(Signatures.For(_records, target, degradations), target, degradations, body);
        return wire.ReadHead(body.WrittenMemory, new RequestAddress(target.Model, Features.Stream));
    }
}

/// <summary>A request ready to be sent to one target.</summary>
internal sealed record PreparedRequest
{
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The output limit in force, in tokens.</summary>
    public required long OutputLimit { get; init; }

    /// <summary>Whether a usage-only frame was asked for by us alone and is hidden from the client.</summary>
    public required bool HideUsage { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required IReadOnlyList<Degradation> Degradations { get; init; }
}
