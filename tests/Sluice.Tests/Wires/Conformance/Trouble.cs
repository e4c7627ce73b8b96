namespace Sluice.Tests.Wires.Conformance;

/// <summary>What can be wrong or odd about a streamed answer, on any wire.</summary>
public enum Trouble
{
    /// <summary>The bytes end in the middle of a frame.</summary>
    TruncatedStream,

    /// <summary>The connection breaks after a tool call has begun.</summary>
    TransportErrorAfterToolCall,

    /// <summary>One frame among good ones is not readable.</summary>
    MalformedFrame,

    /// <summary>An event, or a member, that nobody has documented yet.</summary>
    UnknownEvent,

    /// <summary>An event that is known, with members of the wrong type.</summary>
    DefectiveKnownEvent,

    /// <summary>The first frame carries an empty list where content is expected.</summary>
    EmptyFirstChoice,

    RefusalFrames,

    /// <summary>Usage comes more than once or in parts.</summary>
    UsageVariants,

    /// <summary>Reasoning, text and reasoning again.</summary>
    InterleavedReasoning,

    /// <summary>A request for a stream is answered by an error in plain JSON.</summary>
    EarlyJsonError,

    /// <summary>Status 200, and the stream's first event is an error.</summary>
    ErrorFirst,

    /// <summary>The stream ends between two frames, without its terminal event.</summary>
    CutWithoutTerminal,
}
