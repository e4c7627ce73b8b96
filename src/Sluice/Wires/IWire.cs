using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>A protocol, as spoken with providers and clients alike.</summary>
/// <remarks>
/// Same wire on both sides: <see cref="ReadHead"/>, <see cref="Splice"/> and the observer are all that is used, and bytes pass
/// through. Across wires the <see cref="Codec"/> translates a body first; what it wrote is then spliced and observed the same way.
/// </remarks>
internal interface IWire
{
    WireKind Kind { get; }

    /// <summary>The four operations by which this wire is translated to and from our records.</summary>
    ICodec Codec { get; }

    /// <summary>Cuts a streamed answer into frames.</summary>
    IFraming Framing { get; }

    /// <summary>Scans a request body: what routing and money need to know, and where the members stand that may be spliced.</summary>
    /// <param name="body">The body.</param>
    /// <param name="address">What the address of the request says, for wires that name model and streaming there.</param>
    /// <exception cref="RequestException">Not a JSON object, a duplicate member, or a member of the wrong type.</exception>
    RequestHead ReadHead(ReadOnlyMemory<byte> body, RequestAddress address = default);

    /// <summary>The body as this target is sent it. Without a splice it is the very same memory.</summary>
    ReadOnlyMemory<byte> Splice(RequestHead head, Target target, SpliceOptions options);

    /// <summary>Whether a caller's body may pass to this target as it is: it asks for nothing that has to be said otherwise there.</summary>
    bool Passes(RequestHead head, Target target) => true;

    /// <summary>Whether it has words for a tool that the provider runs itself; whether a vendor and a model have the tool is another question.</summary>
    bool Says(ServerTool tool) => false;

    /// <summary>A reader of one answer's facts, beside the bytes that pass.</summary>
    /// <param name="features">What was asked: how many choices must finish.</param>
    /// <param name="dialect">How the vendor that answers deviates from the wire.</param>
    AnswerObserver Observe(CallFeatures features, Dialect dialect);
}

/// <summary>What differs from the caller's body besides the target's own model, parameters and renames.</summary>
/// <param name="OutputLimit">The output limit to write, where it was clamped or the caller gave none; <see langword="null"/> leaves it alone.</param>
/// <param name="AskUsage">Whether usage has to be asked for in a stream because the caller did not.</param>
internal readonly record struct SpliceOptions(long? OutputLimit, bool AskUsage);
