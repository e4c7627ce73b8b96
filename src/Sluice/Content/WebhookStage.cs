using System.Buffers;
using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;

namespace Sluice.Content;

/// <summary>Asks a webhook about a stream piece by piece: each time so much text has come, and at the end.</summary>
internal sealed class WebhookStage(ContentCheck check, ContentGate gate, IFraming framing, WireKind wire) : IAnswerStage
{
    /// <summary>How much of what went before is told, in characters.</summary>
    private const int MostBefore = 16 * 1024;

    private readonly List<HeldFrame> _waiting = [];
    private readonly Dictionary<int, StringBuilder> _before = [];
    private int _characters;

    public int Held { get; private set; }

    public async ValueTask TakeAsync(
        ReadOnlyMemory<byte> frames,
        bool last,
        IBufferWriter<byte> output,
        CancellationToken cancellationToken
    )
    {
        Hold(frames.Span);
        if (_characters > 0 && !last && _characters < gate.Window)
        {
            return;
        }

        var replaced = _characters > 0 ? await AskAsync(last, cancellationToken).ConfigureAwait(false) : null;
        for (var i = 0; i < _waiting.Count; i++)
        {
            _waiting[i].Write(replaced?[i], output);
        }

        _waiting.Clear();
        (_characters, Held) = (0, 0);
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        while (framing.TryRead(bytes, final: true, out var frame))
        {
            var held = new HeldFrame(bytes[..frame.Length], frame, wire);
            _waiting.Add(held);
            Held += held.Length;
            foreach (var span in held.Spans)
            {
                _characters += IsAsked(span) ? held.TextOf(span).Length : 0;
            }

            bytes = bytes[frame.Length..];
        }
    }

    private bool IsAsked(TextSpan span) => !span.IsProbabilities && (gate.Parts & span.Part) != 0;

    /// <returns>For each frame that waits, what its texts become.</returns>
    private async ValueTask<string?[]?[]?> AskAsync(bool last, CancellationToken cancellationToken)
    {
        var (asked, placesOf) = Gather();
        var question = new WebhookQuestion(GateStage.Answer, [.. asked.Select(a => a.Text)])
        {
            Before = [.. asked.Select(a => a.Channel == 0 ? "" : Before(a.Channel).ToString())],
            Last = last,
        };
        var other = await check.AskWebhookAsync(gate, question, cancellationToken).ConfigureAwait(false);
        string?[]?[]? replaced = null;
        for (var i = 0; i < asked.Count; i++)
        {
            Remember(asked[i].Channel, other?[i] ?? asked[i].Text.Text);
            if (other?[i] is { } text && text != asked[i].Text.Text)
            {
                replaced ??= new string?[_waiting.Count][];
                var first = true;
                foreach (var (frame, span) in placesOf[i])
                {
                    (replaced[frame] ??= new string?[_waiting[frame].Spans.Count])[span] = first ? text : "";
                    first = false;
                }
            }
        }

        return replaced;
    }

    /// <summary>The texts that wait: what goes on from frame to frame is one.</summary>
    private (List<(ContentText Text, int Channel)> Asked, List<List<(int Frame, int Span)>> Places) Gather()
    {
        var asked = new List<(ContentText Text, int Channel)>();
        var places = new List<List<(int, int)>>();
        var known = new Dictionary<int, int>();
        for (var i = 0; i < _waiting.Count; i++)
        {
            for (var j = 0; j < _waiting[i].Spans.Count; j++)
            {
                var span = _waiting[i].Spans[j];
                var text = IsAsked(span) ? _waiting[i].TextOf(span) : "";
                if (text.Length == 0)
                {
                    continue;
                }

                if (span.Channel == 0 || !known.TryGetValue(span.Channel, out var at))
                {
                    at = asked.Count;
                    known[span.Channel] = at;
                    asked.Add((new ContentText(span.Part, span.Role, ""), span.Channel));
                    places.Add([]);
                }

                asked[at] = (asked[at].Text with { Text = asked[at].Text.Text + text }, span.Channel);
                places[at].Add((i, j));
            }
        }

        return (asked, places);
    }

    private StringBuilder Before(int channel) =>
        _before.TryGetValue(channel, out var known) ? known : _before[channel] = new StringBuilder();

    private void Remember(int channel, string text)
    {
        if (channel != 0)
        {
            var before = Before(channel).Append(text);
            before.Remove(0, Math.Max(0, before.Length - MostBefore));
        }
    }
}
