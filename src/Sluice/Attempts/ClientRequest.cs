using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Content;
using Sluice.Money;
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
    private long? _inputTokens;
    private bool? _structured;

    /// <summary>The first target of the client's own wire. It answers unless it fails, so that signatures in no envelope are taken to be its own.</summary>
    private Target? _first;

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
    /// <param name="providerOptions">Native members for whoever answers, by name.</param>
    /// <exception cref="RequestException">They are no object of objects.</exception>
    public ClientRequest(WireTable wires, ChatRequest records, CallFeatures features, JsonElement? providerOptions = null)
    {
        _wires = wires;
        _records = records;
        _providerOptions = providerOptions is { } options ? ProviderOptions.Of(options) : null;
        Headers = [];
        Features = features;
    }

    /// <summary>A request whose texts the gates have seen.</summary>
    private ClientRequest(ClientRequest asked, ContentCheck content, RequestHead? head, ChatRequest? records)
    {
        _wires = asked._wires;
        _providerOptions = asked._providerOptions;
        _records = records;
        Wire = asked.Wire;
        Head = head;
        Headers = asked.Headers;
        Features = head?.Features ?? asked.Features;
        Content = content;
        _holdsEnvelopes = head is not null && Signatures.In(head.Body.Span);
    }

    /// <summary>The gates over what is said; <see langword="null"/> where none is asked.</summary>
    public ContentCheck? Content { get; }

    /// <summary>Whether gates read its answers.</summary>
    public bool AnswerIsGated => Content is { Answer.IsEmpty: false } && Wire?.Kind != WireKind.OpenAiEmbeddings;

    /// <summary>Its texts, read when a gate asks for them.</summary>
    public IContentView View() => Head is null ? new RecordView(_records!) : BodyView.OfRequest(Head.Body);

    /// <summary>The request as the gates leave it.</summary>
    /// <param name="content">The gates, which its answers have to pass, too.</param>
    /// <param name="view">Its texts.</param>
    /// <param name="texts">What each becomes, <see langword="null"/> where it stays; <see langword="null"/> where all do.</param>
    public ClientRequest Gated(ContentCheck content, IContentView view, IReadOnlyList<string?>? texts) =>
        view switch
        {
            RecordView records => new ClientRequest(this, content, null, texts is null ? _records : records.With(texts)),
            BodyView body when texts is not null => new ClientRequest(
                this,
                content,
                Wire!.ReadHead(body.With(texts), new RequestAddress(Head!.Model, Features.Stream)),
                null
            ),
            _ => new ClientRequest(this, content, Head, null),
        };

    /// <summary>The wire it came over; <see langword="null"/> for the library.</summary>
    public IWire? Wire { get; }

    public RequestHead? Head { get; }

    /// <summary>Headers of the client's wire that may be passed on to a provider of the same wire.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    public CallFeatures Features { get; }

    /// <summary>The estimated input, in tokens: a guess for choosing, never for money.</summary>
    public long InputTokens =>
        _inputTokens ??= Head is null ? InputEstimate.Of(_records!, Features) : InputEstimate.Of(Head.Body.Span, Features);

    /// <summary>Whether the input may be longer than this, by its bytes alone: most calls need no closer look.</summary>
    public bool MayBeLonger(long tokens) =>
        Head is null || Head.Body.Length / InputEstimate.BytesPerToken + Features.Images * 2_000L > tokens;

    /// <summary>What prompts of one conversation have in common, where the caller says it.</summary>
    public string? CacheKey => Head is null ? _records!.PromptCacheKey : JsonText.String(Head.Members.Value("prompt_cache_key"));

    /// <summary>Whether an answer of a given form is asked for.</summary>
    public bool Structured => _structured ??= Records?.Format is not null;

    /// <summary>What is asked, in our own words; <see langword="null"/> for a body that only its own protocol can hold.</summary>
    public ChatRequest? Records
    {
        get
        {
            try
            {
                return _records ??= Wire!.Codec.ReadRequest(Head!.Body);
            }
            catch (RequestException)
            {
                return null;
            }
        }
    }

    /// <summary>Whether the body passes through without translation.</summary>
    private bool PassesThrough(Target target) =>
        Wire == _wires[target.Wire]
        && !_holdsEnvelopes
        && (Knows(target) || !Signatures.MayBeBareIn(Head!.Body.Span))
        && Wire.Passes(Head!, target)
        && !(Features.ServerTools && ServerToolSupport.IsLimited(target) && LackingAt(target) is not null);

    /// <summary>A tool asked for that the provider is to run itself, and that this one does not; <see langword="null"/> where it runs them all.</summary>
    public ServerTool? LackingAt(Target target)
    {
        if (!Features.ServerTools || Records is not { } records)
        {
            return null;
        }

        foreach (var tool in records.ServerTools)
        {
            if (
                !_wires[target.Wire].Says(tool)
                || !ServerToolSupport.Has(target, tool)
                || records.Tools.Count > 0 && ServerToolSupport.RuleOf(target, tool) is { Alone: true }
            )
            {
                return tool;
            }
        }

        return null;
    }

    /// <summary>Whether this target of the client's wire can verify what the first one signs.</summary>
    private bool Knows(Target target) => Signatures.AreShared(_first ??= target, target);

    /// <summary>The body as this target is to be sent it.</summary>
    /// <param name="target">Who will be asked.</param>
    /// <param name="route">Whose target it is.</param>
    /// <param name="outputLimit">A clamped output limit.</param>
    /// <param name="whole">Whether a whole answer is asked for although the caller wants a stream: the model cannot do it.</param>
    /// <exception cref="RequestException">The body cannot be read in its own protocol.</exception>
    public PreparedRequest Prepare(Target target, Route route, int? outputLimit = null, bool whole = false) =>
        Prepare(target, route, outputLimit, whole, beginning: null);

    /// <summary>The body with the beginning of its answer, for a target that goes on from it; <see langword="null"/> for any other.</summary>
    /// <param name="sent">What was said already. Spaces at its end are left out: they are taken by nobody.</param>
    /// <param name="target">Who will be asked.</param>
    /// <param name="route">Whose target it is.</param>
    public PreparedRequest? PrepareFrom(string sent, Target target, Route route)
    {
        var beginning = sent.TrimEnd();
        _records ??= Wire!.Codec.ReadRequest(Head!.Body);
        // A gate sees one answer: what it looks for must not stand half in one and half in another.
        if (AnswerIsGated || beginning.Length == 0 || !StructuredOutput.MayBegin(_records, target))
        {
            return null;
        }

        // What was said counts for the caller's limit.
        var said = TokenEstimate.Of(Encoding.UTF8.GetByteCount(beginning));
        var rest = Features.OutputLimit is { } limit ? (int?)Math.Clamp(limit - said, 1, int.MaxValue) : null;
        return Prepare(target, route, rest, whole: false, beginning);
    }

    /// <summary>Whether the answer is to have a form, or comes with more than text: then two answers cannot be made one.</summary>
    public bool AsksForForm()
    {
        try
        {
            _records ??= Wire!.Codec.ReadRequest(Head!.Body);
        }
        catch (RequestException)
        {
            return true;
        }

        return _records.Format is not null || _records.Logprobs == true;
    }

    private PreparedRequest Prepare(Target target, Route route, int? outputLimit, bool whole, string? beginning)
    {
        var wire = _wires[target.Wire];
        var streams = target.Can(Feature.Stream);
        var stream = Features.Stream && !whole && streams;
        var degradations = new List<Degradation>(Head?.Degradations ?? []);
        if (Features.Stream && !streams)
        {
            degradations.Lose("stream", $"given in one piece: {target.Name} does not stream");
        }

        var asked = _providerOptions?.For(target) ?? target;
        var limit =
            OutputLimits.Of(asked)
            ?? outputLimit
            ?? (Features.OutputLimit is null ? Math.Min(route.MaxOutput, target.Card.MaxOutput) : null);
        var passes = beginning is null && PassesThrough(target) && stream == Features.Stream;
        var wraps = Wire == wire && !Knows(target) && Signatures.AreAskedFor(Head!.Body.Span, target.Wire);
        var form = StructuredBy.Nothing;
        var head = passes ? Head! : Translate(wire, target, stream, limit, beginning, degradations, out form);
        _prepared = true;
        ReportDrops(head, target, degradations);
        var askUsage = stream && !head.UsageAsked && target.Provider.Dialect.StreamUsage == StreamUsage.OnRequest;
        var (sent, headers) = HeaderMembers.Move(asked, head, passes ? Headers : []);
        var body = wire.Splice(head, sent, new SpliceOptions(limit, askUsage));
        return new PreparedRequest
        {
            Body = body,
            // What policy fixed or the caller added for this vendor may say more than his own body did: it is held for as well.
            Features = asked.Parameters.IsEmpty ? head.Features : wire.ReadHead(body, new RequestAddress(target.Model, stream)).Features,
            OutputLimit = limit ?? Features.OutputLimit ?? target.Card.MaxOutput,
            HideUsage = Wire == wire && stream && !Head!.UsageAsked && !wraps && !StructuredOutput.ChangesAnswer(form),
            Headers = WithSession(target.Provider.Dialect, headers),
            Degradations = degradations,
            Form = form,
            WrapsSignatures = wraps,
            Content = AnswerIsGated ? Content : null,
        };
    }

    /// <summary>Calls with one cache key are to meet one cache, which some vendors are told in a header.</summary>
    private IReadOnlyList<KeyValuePair<string, string>> WithSession(Dialect dialect, IReadOnlyList<KeyValuePair<string, string>> headers) =>
        dialect.SessionHeader is { } name
        && (_records is null ? JsonText.String(Head!.Members.Value("prompt_cache_key")) : _records.PromptCacheKey) is { } key
            ? [.. headers, KeyValuePair.Create(name, key)]
            : headers;

    private static void ReportDrops(RequestHead head, Target target, List<Degradation> degradations)
    {
        foreach (var dropped in target.Drops)
        {
            if (head.Members.Find(dropped) is not null)
            {
                degradations.Lose(dropped, $"left out: {target.Provider.Name} does not take it");
            }
        }
    }

    private RequestHead Translate(
        IWire wire,
        Target target,
        bool stream,
        long? limit,
        string? beginning,
        List<Degradation> degradations,
        out StructuredBy form
    )
    {
        if (Features.State is [var kept, ..] && Wire?.Kind != target.Wire)
        {
            throw new RequestException(
                $"{kept.Member}: {target.Name} is asked over another protocol and does not know it; send the whole conversation",
                kept.Member
            );
        }

        _records ??= Wire!.Codec.ReadRequest(Head!.Body);
        if (_records.RefusedElsewhere is { } refused && _records.Origin != target.Wire)
        {
            throw _prepared ? refused.AfterFailover() : refused;
        }

        var body = new ArrayBufferWriter<byte>();
        var bareAreOwn = _records.Origin == target.Wire && (Wire is null || Knows(target));
        var request = Signatures.For(_records, target, bareAreOwn, degradations) with
        {
            Stream = stream,
            MaxOutput = limit ?? _records.MaxOutput,
        };
        if (beginning is not null)
        {
            request = request with { Messages = [.. request.Messages, new Message(Role.Assistant, [new TextPart(beginning)])] };
        }

        form = StructuredOutput.Of(request, target);
        request = ServerToolSupport.For(request, wire, target, degradations);
        wire.Codec.WriteRequest(StructuredOutput.For(request, target, degradations), target, degradations, body);
        return wire.ReadHead(body.WrittenMemory, new RequestAddress(target.Model, stream));
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

    /// <summary>How the answer gets the form that was asked for, where the target has no mode for it.</summary>
    public StructuredBy Form { get; init; }

    /// <summary>Whether signatures of the answer go into envelopes although it stays on its wire: the next turn may be another vendor's.</summary>
    public bool WrapsSignatures { get; init; }

    /// <summary>The gates that the answer has to pass; <see langword="null"/> for none.</summary>
    public ContentCheck? Content { get; init; }
}
