using System.Buffers;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>Translates one wire to and from our records: four operations, used for clients and providers alike.</summary>
internal interface ICodec
{
    /// <summary>Reads a client's request.</summary>
    /// <exception cref="RequestException">A member does not have the type its protocol documents.</exception>
    ChatRequest ReadRequest(ReadOnlyMemory<byte> body);

    /// <summary>Writes a request for a provider; byte-deterministic.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="target">Who will be asked: signatures of others are left out.</param>
    /// <param name="degradations">Receives what this wire or target cannot express.</param>
    /// <param name="output">Receives the JSON body.</param>
    void WriteRequest(ChatRequest request, Target target, ICollection<Degradation> degradations, IBufferWriter<byte> output);

    /// <summary>Reads a provider's answer, streamed or whole, as events.</summary>
    /// <param name="dialect">How the vendor that answers deviates from the wire.</param>
    IAnswerReader ReadAnswer(Dialect dialect);

    /// <summary>Writes an answer for a client.</summary>
    IAnswerWriter WriteAnswer(AnswerIdentity identity);
}

/// <summary>Turns a provider's frames, or its whole body, into answer events.</summary>
internal interface IAnswerReader
{
    /// <summary>Appends the events of one frame; an unreadable or unknown frame has none.</summary>
    void ReadFrame(in Frame frame, ICollection<AnswerEvent> events);

    /// <summary>Appends the events of a whole answer, from start to finish.</summary>
    /// <exception cref="ProviderException">The body does not have its documented shape (Drift).</exception>
    void ReadWhole(ReadOnlySpan<byte> body, ICollection<AnswerEvent> events);
}

/// <summary>Turns answer events into a client's frames, or one whole body.</summary>
internal interface IAnswerWriter
{
    /// <summary>How many events were written, where the protocol counts them.</summary>
    int Events => 0;

    /// <summary>Counts on from the events that the client was sent by somebody else.</summary>
    void CountOn(int events) { }

    /// <summary>Writes the frames that one event becomes; some events become none.</summary>
    void WriteFrames(AnswerEvent answerEvent, IBufferWriter<byte> output);

    /// <summary>Writes the frames that end a complete stream.</summary>
    void WriteEnd(IBufferWriter<byte> output);

    /// <summary>Writes a whole answer.</summary>
    void WriteWhole(IReadOnlyList<AnswerEvent> events, IBufferWriter<byte> output);
}

/// <summary>What an answer calls itself towards the client.</summary>
/// <param name="Id">The id, minted where the provider gave none.</param>
/// <param name="Model">The model's name as the provider gave it.</param>
/// <param name="CreatedAt">When the call arrived.</param>
/// <param name="UsageAsked">Whether a stream reports usage to a client whose protocol makes it optional.</param>
/// <param name="Asked">The client's request, whose settings some protocols repeat in the answer.</param>
internal sealed record AnswerIdentity(string Id, string Model, DateTimeOffset CreatedAt, bool UsageAsked, RequestHead? Asked = null)
{
    /// <summary>The ids of items that the client knows already, where the protocol has items.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>How long the call has taken until now, for protocols that tell; <see langword="null"/> where nobody counts.</summary>
    public Func<TimeSpan>? Elapsed { get; init; }
}
