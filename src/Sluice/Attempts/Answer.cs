using Sluice.Calls;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>A provider's answer, opened and committed: content has been seen, or the body is whole.</summary>
internal abstract class Answer : IAsyncDisposable
{
    public required Target Target { get; init; }

    public required IWire Wire { get; init; }

    /// <summary>The facts read from the side so far.</summary>
    public required AnswerObserver Facts { get; init; }

    /// <summary>Headers of the provider's answer that may be passed on to a client of the same wire.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required int Status { get; init; }

    /// <summary>How it gets the form that was asked for, where its provider has no mode for it.</summary>
    public StructuredBy Form { get; init; }

    /// <summary>Whether its signatures go into envelopes although the client speaks its wire.</summary>
    public bool WrapsSignatures { get; init; }

    /// <summary>A reader of its events.</summary>
    public IAnswerReader Read() => StructuredReader.Over(Wire.Codec.ReadAnswer(Target.Provider.Dialect), Form);

    /// <summary>Until the first content, or the whole body.</summary>
    public TimeSpan TimeToFirstContent { get; protected set; }

    public abstract ValueTask DisposeAsync();
}

/// <summary>An unstreamed answer, whole and of the documented shape.</summary>
internal sealed class WholeAnswer : Answer
{
    private readonly StreamBuffer _body;

    /// <param name="body">Owned from here on.</param>
    /// <param name="elapsed">Since the attempt began.</param>
    public WholeAnswer(StreamBuffer body, TimeSpan elapsed)
    {
        _body = body;
        TimeToFirstContent = elapsed;
    }

    /// <summary>Valid until the answer is disposed.</summary>
    public ReadOnlyMemory<byte> Body => _body.Unread;

    public override ValueTask DisposeAsync()
    {
        _body.Dispose();
        return ValueTask.CompletedTask;
    }
}
