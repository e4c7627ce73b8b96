using System.Buffers;
using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;

namespace Sluice.Content;

/// <summary>Looks for patterns in a stream: each text is held back as far as a match may still begin or end in what follows.</summary>
internal sealed class PatternStage(ContentCheck check, IFraming framing, WireKind wire) : IAnswerStage
{
    private readonly GatesOfStage _gates = check.Answer;
    private readonly Dictionary<int, Growing> _texts = [];
    private readonly Queue<Waiting> _waiting = new();
    private readonly long[] _sizes = new long[check.Answer.Sizes.Count];
    private long _seen;

    public int Held { get; private set; }

    public ValueTask TakeAsync(ReadOnlyMemory<byte> frames, bool last, IBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        var bytes = frames.Span;
        while (framing.TryRead(bytes, final: true, out var frame))
        {
            Hold(new HeldFrame(bytes[..frame.Length], frame, wire));
            bytes = bytes[frame.Length..];
        }

        foreach (var text in _texts.Values)
        {
            // A text that others have left behind by a whole window is taken to be over: what is behind it must not wait for ever.
            text.Watched.Decide(last || _seen - text.SeenAt >= _gates.Window);
            Refuse(text.Watched);
        }

        Release(output);
        return ValueTask.CompletedTask;
    }

    private void Hold(HeldFrame frame)
    {
        var pieces = new Piece[frame.Spans.Count];
        for (var i = 0; i < pieces.Length; i++)
        {
            var span = frame.Spans[i];
            if (span.IsProbabilities)
            {
                continue;
            }

            var text = frame.TextOf(span);
            var growing = span.Channel == 0 ? new Growing(Watch(span.Part, text, grows: false)) : Of(span, text);
            growing.Watched.Append(text);
            pieces[i] = new Piece(growing.Watched, growing.Watched.End);
            if (span.Channel == 0)
            {
                growing.Watched.Decide(final: true);
                Refuse(growing.Watched);
                continue;
            }

            _seen += text.Length;
            growing.SeenAt = _seen;
            Count(span.Part, text);
        }

        _waiting.Enqueue(new Waiting(frame, pieces));
        Held += frame.Length;
    }

    private Growing Of(TextSpan span, string text)
    {
        if (!_texts.TryGetValue(span.Channel, out var growing))
        {
            _texts[span.Channel] = growing = new Growing(Watch(span.Part, text, grows: true));
        }

        return growing;
    }

    private WatchedText Watch(ContentParts part, string text, bool grows) =>
        new(
            _gates.PatternsOf(part),
            _gates.Window,
            isJson: part == ContentParts.ToolArguments && (grows || text.AsSpan().TrimStart() is ['{' or '[', ..])
        );

    private void Count(ContentParts part, string text)
    {
        for (var i = 0; i < _sizes.Length; i++)
        {
            var (gate, most) = _gates.Sizes[i];
            _sizes[i] += (gate.Parts & part) == 0 ? 0 : Encoding.UTF8.GetByteCount(text);
            if (_sizes[i] > most)
            {
                throw check.Deny(gate, GateStage.Answer, $"it has more than {most} bytes of text");
            }
        }
    }

    private void Refuse(WatchedText text)
    {
        if (text.Denied is { } denied)
        {
            throw check.Deny(denied, GateStage.Answer);
        }
    }

    private void Release(IBufferWriter<byte> output)
    {
        while (_waiting.TryPeek(out var waiting) && waiting.IsDecided)
        {
            _waiting.Dequeue();
            Held -= waiting.Frame.Length;
            string?[]? texts = null;
            for (var i = 0; i < waiting.Pieces.Length; i++)
            {
                var (text, end) = waiting.Pieces[i];
                if (text?.Render(end, found => check.Redacted(found, GateStage.Answer)) is { } other)
                {
                    (texts ??= new string?[waiting.Pieces.Length])[i] = other;
                }
            }

            waiting.Frame.Write(texts, output);
        }
    }

    /// <summary>A text that goes on from frame to frame.</summary>
    private sealed class Growing(WatchedText watched)
    {
        public WatchedText Watched { get; } = watched;

        /// <summary>How much had been seen of all texts when it last grew.</summary>
        public long SeenAt { get; set; }
    }

    /// <summary>What a frame has of a text.</summary>
    /// <param name="Text">The text; <see langword="null"/> for what is none.</param>
    /// <param name="End">Up to where the frame has it.</param>
    private readonly record struct Piece(WatchedText? Text, long End);

    private sealed record Waiting(HeldFrame Frame, Piece[] Pieces)
    {
        public bool IsDecided
        {
            get
            {
                foreach (var (text, end) in Pieces)
                {
                    if (text is not null && text.Decided < end)
                    {
                        return false;
                    }
                }

                return true;
            }
        }
    }
}
