using System.Buffers;

namespace Sluice.Content;

/// <summary>Takes the frames of a streamed answer and lets go of those it has decided on, in their order.</summary>
internal interface IAnswerStage
{
    /// <summary>How many bytes it holds.</summary>
    int Held { get; }

    /// <summary>Takes whole frames.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="last">Whether nothing follows: everything is decided now.</param>
    /// <param name="output">Receives what is let go.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="ContentDeniedException">The answer is denied.</exception>
    ValueTask TakeAsync(ReadOnlyMemory<byte> frames, bool last, IBufferWriter<byte> output, CancellationToken cancellationToken);
}
