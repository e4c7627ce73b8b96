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

    /// <summary>Another target was prepared for before.</summary>
    private bool _prepared;

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
        var degradations = new List<Degradation>(Head?.Degradations ?? []);
        var limit =
            OutputLimits.Of(target)
            ?? outputLimit
            ?? (Features.OutputLimit is null ? Math.Min(route.MaxOutput, target.Card.MaxOutput) : null);
        var head = PassesThrough(target) ? Head! : Translate(wire, target, limit, degradations);
        _prepared = true;
        ReportDrops(head, target, degradations);
        var (sent, headers) = HeaderMembers.Move(_providerOptions?.For(target) ?? target, head, PassesThrough(target) ? Headers : []);
        var askUsage = Features.Stream && !head.UsageAsked && target.Provider.Dialect.StreamUsage == StreamUsage.OnRequest;
        return new PreparedRequest
        {
            Body = wire.Splice(head, sent, new SpliceOptions(limit, askUsage)),
            Features = Fixed(head.Features, target),
            OutputLimit = limit ?? Features.OutputLimit ?? target.Card.MaxOutput,
            HideUsage = PassesThrough(target) && Features.Stream && !Head!.UsageAsked,
            Headers = headers,
            Degradations = degradations,
        };
    }

    private static void ReportDrops(RequestHead head, Target target, List<Degradation> degradations)
    {
        foreach (var dropped in target.Provider.Dialect.Drops)
        {
            if (head.Members.Find(dropped) is not null)
            {
                degradations.Lose(dropped, $"left out: {target.Provider.Name} does not take it");
            }
        }
    }

    /// <summary>What is asked of this target: policy may fix the number of choices.</summary>
    private static CallFeatures Fixed(CallFeatures features, Target target) =>
        target.Parameters.TryGetValue("n", out var choices) ? features with { Choices = choices.GetInt32() } : features;

    private RequestHead Translate(IWire wire, Target target, long? limit, List<Degradation> degradations)
    {
        _records ??= ReadRecords();
        var body = new ArrayBufferWriter<byte>();
        var request = Signatures.For(_records, target, degradations) with { MaxOutput = limit ?? _records.MaxOutput };
        wire.Codec.WriteRequest(request, target, degradations, body);
        return wire.ReadHead(body.WrittenMemory, new RequestAddress(target.Model, Features.Stream));
    }

    private ChatRequest ReadRecords()
    {
        try
        {
            return Wire!.Codec.ReadRequest(Head!.Body);
        }
        catch (RequestException refused) when (_prepared)
        {
            throw refused.AfterFailover();
        }
    }
}

/// <summary>A request ready to be sent to one target.</summary>
internal sealed record PreparedRequest
{
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What is asked, as this target is asked it.</summary>
    public required CallFeatures Features { get; init; }

    /// <summary>The output limit in force, in tokens.</summary>
    public required long OutputLimit { get; init; }

    /// <summary>Whether a usage-only frame was asked for by us alone and is hidden from the client.</summary>
    public required bool HideUsage { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required IReadOnlyList<Degradation> Degradations { get; init; }
}
