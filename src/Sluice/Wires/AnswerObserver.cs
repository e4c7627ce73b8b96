using Sluice.Calls;
using Sluice.Money;

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
    /// <summary>Usage as reported so far, normalised; <see langword="null"/> when none was seen.</summary>
    public Usage? Usage { get; protected set; }

    /// <summary>The finish reason in the provider's words.</summary>
    public string? FinishReason { get; protected set; }

    /// <summary>Whether the terminal condition of this wire was met: an end of the stream from here on is no cut.</summary>
    public abstract bool Terminated { get; }

    /// <summary>The answer's id, as the provider gave it.</summary>
    public string? Id { get; protected set; }

    /// <summary>The model that answered, as the provider names it.</summary>
    public string? Model { get; protected set; }

    /// <summary>Bytes of text, reasoning and arguments seen: the base of an estimate when usage stays away.</summary>
    public long ContentBytes { get; protected set; }

    /// <summary>The failure a frame or body reported.</summary>
    public ProviderException? Error { get; protected set; }

    /// <summary>How many frames were unreadable.</summary>
    public int MalformedFrames { get; protected set; }

    /// <summary>Reads one frame of a stream. Never throws: an unreadable frame is <see cref="FrameMarks.Malformed"/>.</summary>
    public abstract FrameMarks Observe(in Frame frame);

    /// <summary>Reads a whole, unstreamed answer.</summary>
    /// <exception cref="ProviderException">It does not have its documented shape (Drift), or reports a failure under a success status.</exception>
    public abstract void ObserveWhole(ReadOnlySpan<byte> body);
}
