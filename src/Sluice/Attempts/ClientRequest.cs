using System.Buffers;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Routing;
using Sluice.Wires;
using Sluice.Wires.Json;
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
    private bool PassesThrough(Target target) => Wire == _wires[target.Wire] && !_holdsEnvelopes;

    /// <summary>The body as this target is to be sent it.</summary>
    /// <param name="target">Who will be asked.</param>
    /// <param name="route">Whose target it is.</param>
    /// <param name="outputLimit">A clamped output limit.</param>
    /// <param name="whole">Whether a whole answer is asked for although the caller wants a stream: the model cannot do it.</param>
    /// <exception cref="RequestException">The body cannot be read in its own protocol.</exception>
    public PreparedRequest Prepare(Target target, Route route, int? outputLimit = null, bool whole = false)
    {
        var wire = _wires[target.Wire];
        var stream = Features.Stream && !whole;
        var passes = PassesThrough(target) && stream == Features.Stream;
        var degradations = new List<Degradation>();
        var head = passes ? Head! : Translate(wire, target, stream, degradations);
        foreach (var dropped in target.Provider.Dialect.Drops)
        {
            if (head.Members.Find(dropped) is not null)
            {
                degradations.Add(new Degradation(dropped, $"left out: {target.Provider.Name} does not take it"));
            }
        }

        var limit = outputLimit ?? (Features.OutputLimit is null ? Math.Min(route.MaxOutput, target.Card.MaxOutput) : null);
        var askUsage = stream && !head.UsageAsked && target.Provider.Dialect.StreamUsage == StreamUsage.OnRequest;
        return new PreparedRequest
        {
            Stream = stream,
            Body = wire.Splice(head, _providerOptions?.For(target) ?? target, new SpliceOptions(limit, askUsage)),
            OutputLimit = limit ?? Features.OutputLimit ?? target.Card.MaxOutput,
            HideUsage = passes && stream && !Head!.UsageAsked,
            Headers = WithSession(target.Provider.Dialect, passes ? Headers : []),
            Degradations = degradations,
        };
    }

    /// <summary>Calls with one cache key are to meet one cache, which some vendors are told in a header.</summary>
    private IReadOnlyList<KeyValuePair<string, string>> WithSession(Dialect dialect, IReadOnlyList<KeyValuePair<string, string>> headers) =>
        dialect.SessionHeader is { } name
        && (_records is null ? JsonText.String(Head!.Members.Value("prompt_cache_key")) : _records.PromptCacheKey) is { } key
            ? [.. headers, KeyValuePair.Create(name, key)]
            : headers;

    private RequestHead Translate(IWire wire, Target target, bool stream, List<Degradation> degradations)
    {
        _records ??= Wire!.Codec.ReadRequest(Head!.Body);
        var records = Signatures.For(_records, target, degradations) with { Stream = stream };
        var body = new ArrayBufferWriter<byte>();
        wire.Codec.WriteRequest(records, target, degradations, body);
        return wire.ReadHead(body.WrittenMemory, new RequestAddress(target.Model, stream));
    }
}

/// <summary>A request ready to be sent to one target.</summary>
internal sealed record PreparedRequest
{
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether it asks for a stream.</summary>
    public required bool Stream { get; init; }

    /// <summary>The output limit in force, in tokens.</summary>
    public required long OutputLimit { get; init; }

    /// <summary>Whether a usage-only frame was asked for by us alone and is hidden from the client.</summary>
    public required bool HideUsage { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required IReadOnlyList<Degradation> Degradations { get; init; }
}
