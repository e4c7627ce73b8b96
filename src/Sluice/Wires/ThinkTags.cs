using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>Tells thinking from text where a model writes both as text: <c>&lt;think&gt;…&lt;/think&gt;</c>, and at the very start only.</summary>
/// <remarks>A tag may be split between two pieces; what may be part of one is held back until the next.</remarks>
internal sealed class ThinkTags
{
    private const string Opening = "<think>";
    private const string Closing = "</think>";

    private string _held = "";
    private Place _place;

    public void Read(string text, ICollection<AnswerEvent> events)
    {
        _held += text;
        if (_place == Place.Start)
        {
            ReadStart();
        }

        if (_place == Place.Thinking)
        {
            ReadThinking(events);
        }

        if (_place == Place.AfterThinking)
        {
            _held = _held.TrimStart();
            _place = _held.Length > 0 ? Place.Text : Place.AfterThinking;
        }

        if (_place == Place.Text && _held.Length > 0)
        {
            events.Add(new TextDelta(Take(_held.Length)));
        }
    }

    /// <summary>Hands over what was held back; no tag follows.</summary>
    public void End(ICollection<AnswerEvent> events)
    {
        if (_held.Length > 0)
        {
            events.Add(_place == Place.Thinking ? new ReasoningDelta(Take(_held.Length)) : new TextDelta(Take(_held.Length)));
        }

        _place = Place.Text;
    }

    private void ReadStart()
    {
        var text = _held.TrimStart();
        if (text.StartsWith(Opening, StringComparison.Ordinal))
        {
            _held = text[Opening.Length..];
            _place = Place.Thinking;
        }
        else if (!Opening.StartsWith(text, StringComparison.Ordinal))
        {
            _place = Place.Text;
        }
    }

    private void ReadThinking(ICollection<AnswerEvent> events)
    {
        var end = _held.IndexOf(Closing, StringComparison.Ordinal);
        var thought = Take(end < 0 ? _held.Length - HalfTag(_held) : end);
        if (thought.Length > 0)
        {
            events.Add(new ReasoningDelta(thought));
        }

        if (end >= 0)
        {
            _held = _held[Closing.Length..];
            _place = Place.AfterThinking;
        }
    }

    /// <summary>How much of the end may be the beginning of the closing tag.</summary>
    private static int HalfTag(string text)
    {
        for (var length = Math.Min(text.Length, Closing.Length - 1); length > 0; length--)
        {
            if (text.EndsWith(Closing[..length], StringComparison.Ordinal))
            {
                return length;
            }
        }

        return 0;
    }

    private string Take(int length)
    {
        var taken = _held[..length];
        _held = _held[length..];
        return taken;
    }

    private enum Place
    {
        Start,
        Thinking,
        AfterThinking,
        Text,
    }
}
