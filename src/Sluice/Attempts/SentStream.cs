using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Attempts;

/// <summary>What a caller was sent of a stream, kept for the case that it is cut, and read only then.</summary>
internal sealed class SentStream : IDisposable
{
    /// <summary>A longer answer is not gone on with: keeping it would cost more memory than any caller may.</summary>
    private const int Longest = 1024 * 1024;

    /// <summary>What stands in frames by which a text is closed, so that nothing can be added to it.</summary>
    private static readonly byte[][] TextEnds = ["content_block_stop"u8.ToArray(), "_text.done"u8.ToArray()];

    private readonly StreamBuffer _frames = new();
    private readonly StringBuilder _text = new();
    private readonly List<AnswerEvent> _events = [];
    private readonly List<string> _items = [];
    private bool _tooLong;

    /// <summary>The text so far.</summary>
    public string Text => _text.ToString();

    /// <summary>The events so far, as the wire that answered gave them.</summary>
    public IReadOnlyList<AnswerEvent> Events => _events;

    /// <summary>The ids of the items that have begun, where the wire has items.</summary>
    public IReadOnlyList<string> Items => _items;

    /// <summary>When the answer says that it was made; <see langword="null"/> where it does not.</summary>
    public DateTimeOffset? Created { get; private set; }

    /// <summary>Takes whole frames that the caller is handed.</summary>
    public void Add(ReadOnlySpan<byte> frames)
    {
        _tooLong |= _frames.Length + frames.Length > Longest;
        if (!_tooLong)
        {
            _frames.Append(frames);
        }
    }

    /// <summary>Whether another answer can go on from here: nothing but text of one choice was sent, and it may still grow.</summary>
    /// <remarks>
    /// Reasoning before the text is no hindrance where nobody has signed it: what the next target thinks is left out. A signature would
    /// stand for a text that its issuer has not written to the end.
    /// </remarks>
    public bool Read(Answer answer)
    {
        if (_tooLong || answer.Form != StructuredBy.Nothing)
        {
            return false;
        }

        var reader = answer.Read();
        var frames = _frames.Unread.Span;
        while (answer.Wire.Framing.TryRead(frames, final: true, out var frame))
        {
            frames = frames[frame.Length..];
            var before = _events.Count;
            try
            {
                reader.ReadFrame(frame, _events);
                ReadFacts(frame.Data, answer.Wire.Kind);
            }
            catch (JsonException)
            {
                return false;
            }

            for (var i = before; i < _events.Count; i++)
            {
                if (!Take(_events[i]))
                {
                    return false;
                }
            }

            if (_events.Count == before && _text.Length > 0 && Ends(frame.Data))
            {
                return false;
            }
        }

        return _text.Length > 0;
    }

    public void Dispose() => _frames.Dispose();

    private bool Take(AnswerEvent answerEvent)
    {
        switch (answerEvent)
        {
            case TextDelta text:
                _text.Append(text.Text);
                return true;
            case ReasoningDelta:
                return _text.Length == 0;
            case UsageReported:
                return true;
            default:
                return false;
        }
    }

    private static bool Ends(ReadOnlySpan<byte> data)
    {
        foreach (var mark in TextEnds)
        {
            if (data.IndexOf(mark) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the frames under way have to agree with: the time of the answer and the ids of its items.</summary>
    private void ReadFacts(ReadOnlySpan<byte> data, WireKind wire)
    {
        if (wire is not (WireKind.OpenAiChat or WireKind.OpenAiResponses) || data.IsEmpty || data.SequenceEqual("[DONE]"u8))
        {
            return;
        }

        if (Created is not null && (wire == WireKind.OpenAiChat || data.IndexOf("output_item.added"u8) < 0))
        {
            return;
        }

        var json = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref json);
        var root = document.RootElement;
        if ((root.Integer("created") ?? root.Get("response")?.Integer("created_at")) is { } seconds)
        {
            Created ??= DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        if (root.Text("type") == "response.output_item.added" && root.Get("item")?.Text("id") is { } id)
        {
            _items.Add(id);
        }
    }
}
