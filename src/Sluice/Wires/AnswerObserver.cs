using System.Text.Json;
using Sluice.Calls;
using Sluice.Money;
using Sluice.Wires.Json;

namespace Sluice.Wires;

/// <summary>What a frame means for the attempt.</summary>
[Flags]
internal enum FrameMarks
{
    None = 0,

    /// <summary>Content the caller can use: commits.</summary>
    Content = 1,

    /// <summary>A normal finish: commits.</summary>
    Finish = 2,

    /// <summary>The wire's last frame; nothing of meaning follows.</summary>
    End = 4,

    /// <summary>Carries usage and nothing else.</summary>
    UsageOnly = 8,

    /// <summary>The provider reports a failure; see <see cref="AnswerObserver.Error"/>.</summary>
    Error = 16,

    /// <summary>Not readable; skipped and reported as drift.</summary>
    Malformed = 32,
}

/// <summary>Reads the facts of one answer from the side while its bytes pass.</summary>
internal abstract class AnswerObserver
{
    private readonly RepeatedText _repeated = new();
    private int _texts;
    private int _textStart;
    private int _textEnd;
    private bool _endIsBroken;

    /// <summary>Usage as reported so far, normalised; <see langword="null"/> when none was seen.</summary>
    public Usage? Usage { get; protected set; }

    /// <summary>The finish reason in the provider's words.</summary>
    public string? FinishReason { get; protected set; }

    /// <summary>Whether the terminal condition of this wire was met: an end of the stream from here on is no cut.</summary>
    public bool Terminated => Ended && !_endIsBroken;

    /// <summary>Whether what was read says that the answer is over.</summary>
    protected abstract bool Ended { get; }

    /// <summary>The answer's id, as the provider gave it.</summary>
    public string? Id { get; protected set; }

    /// <summary>Ids of what the provider keeps of the answer, by which a later call may go on from it.</summary>
    public virtual IReadOnlyList<string> KeptIds => [];

    /// <summary>Whether the provider works on after it has answered: what the call consumes is not known yet.</summary>
    public virtual bool WorksOn => false;

    /// <summary>How many events a stream has had.</summary>
    public int Events { get; private set; }

    /// <summary>The model that answered, as the provider names it.</summary>
    public string? Model { get; protected set; }

    /// <summary>Bytes of text, reasoning and arguments seen: the base of an estimate when usage stays away.</summary>
    public long ContentBytes { get; protected set; }

    /// <summary>The failure a frame or body reported.</summary>
    public ProviderException? Error { get; protected set; }

    /// <summary>How many frames were unreadable.</summary>
    public int MalformedFrames { get; protected set; }

    /// <summary>Reads one frame of a stream. Never throws: an unreadable frame is <see cref="FrameMarks.Malformed"/>.</summary>
    public FrameMarks Observe(in Frame frame)
    {
        if (frame.Data.IsEmpty)
        {
            return FrameMarks.None;
        }

        Events++;
        var text = _repeated.TextOf(frame.Data);
        if (text >= 0)
        {
            ContentBytes += text;
            return text > 0 ? FrameMarks.Content : FrameMarks.None;
        }

        var (ended, reason, usage) = (Ended, FinishReason, Usage);
        try
        {
            _texts = 0;
            var marks = ReadFrame(frame.Data);
            _endIsBroken &= (marks & (FrameMarks.Finish | FrameMarks.End)) == 0;
            if (marks == FrameMarks.Content && _texts == 1)
            {
                _repeated.Learn(frame.Data, _textStart, _textEnd);
            }

            return marks;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A frame that is cut after its finish reason has lost what stood behind it: it ends nothing. Nor does it count anything:
            // a number may be half of one.
            (FinishReason, Usage) = (reason, usage);
            _endIsBroken |= !ended && Ended;
            MalformedFrames++;
            return FrameMarks.Malformed;
        }
    }

    /// <summary>Reads a whole, unstreamed answer.</summary>
    /// <exception cref="ProviderException">It does not have its documented shape (Drift), or reports a failure under a success status.</exception>
    public void ObserveWhole(ReadOnlySpan<byte> body)
    {
        try
        {
            if ((ReadWhole(body) & FrameMarks.Error) != 0)
            {
                throw Error!;
            }
        }
        catch (JsonException exception)
        {
            throw new ProviderException(FailureClass.Drift, "the answer is not the JSON object its protocol documents", exception);
        }
    }

    /// <summary>Reads what a body says of usage, however little else of its protocol is in it: an answer, its envelope, one event, or the usage object alone.</summary>
    /// <exception cref="ProviderException">It is no JSON object (Drift).</exception>
    public void ObserveUsage(ReadOnlySpan<byte> body)
    {
        try
        {
            ReadFacts(body);
            if (Usage is null && Error is null)
            {
                ReadFrame(body);
            }

            if (Usage is null && Error is null)
            {
                ReadFacts([.. "{\""u8, .. UsageMember, .. "\":"u8, .. body, (byte)'}']);
            }
        }
        catch (JsonException exception)
        {
            throw new ProviderException(FailureClass.Drift, "it is not a JSON object", exception);
        }
    }

    /// <summary>The member of an answer that holds its usage.</summary>
    protected virtual ReadOnlySpan<byte> UsageMember => "usage"u8;

    /// <summary>Takes the facts of a whole answer that are in a body, and misses none that are not.</summary>
    /// <exception cref="JsonException">The body is not readable.</exception>
    protected abstract void ReadFacts(ReadOnlySpan<byte> body);

    /// <exception cref="JsonException">The frame is not readable.</exception>
    protected abstract FrameMarks ReadFrame(ReadOnlySpan<byte> data);

    /// <exception cref="JsonException">The body is not readable.</exception>
    /// <exception cref="ProviderException">What its protocol documents is not in it.</exception>
    protected abstract FrameMarks ReadWhole(ReadOnlySpan<byte> body);

    /// <summary>The bytes of content in the value the reader stands on, in a frame or body.</summary>
    protected int Weigh(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            _texts++;
            (_textStart, _textEnd) = ((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1);
            return reader.ValueSpan.Length;
        }

        var bytes = JsonCursor.Weigh(ref reader);
        // Content that is no single text: the frame is not like any other.
        _texts += bytes > 0 ? 2 : 0;
        return bytes;
    }
}
