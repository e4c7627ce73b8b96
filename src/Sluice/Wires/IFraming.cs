namespace Sluice.Wires;

/// <summary>Cuts a stream of bytes into frames; the smallest unit that is observed, relayed, hidden or translated.</summary>
internal interface IFraming
{
    /// <summary>Finds the first whole frame.</summary>
    /// <param name="buffer">The bytes received and not yet consumed.</param>
    /// <param name="final">No more bytes will come: what is left is a frame even without its delimiter.</param>
    /// <param name="frame">The frame, its spans pointing into <paramref name="buffer"/>.</param>
    /// <returns>Whether a whole frame was there.</returns>
    bool TryRead(ReadOnlySpan<byte> buffer, bool final, out Frame frame);
}

/// <summary>One frame of a streamed answer.</summary>
internal readonly ref struct Frame
{
    /// <summary>How many bytes it takes of the buffer, delimiter included.</summary>
    public required int Length { get; init; }

    /// <summary>The name in its <c>event:</c> line; empty without one.</summary>
    public ReadOnlySpan<byte> Event { get; init; }

    /// <summary>Its payload; empty for comments and bare delimiters.</summary>
    public ReadOnlySpan<byte> Data { get; init; }
}
