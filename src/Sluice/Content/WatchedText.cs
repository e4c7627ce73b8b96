using System.Text;

namespace Sluice.Content;

/// <summary>A text that may still grow: which of it is decided, and what becomes of that.</summary>
/// <remarks>
/// A place is decided when no match can begin there that is not known yet. While the text grows that is everything but its last
/// characters, as many as the longest match may have; so what is found does not depend on where a text was cut into pieces.
/// </remarks>
internal sealed class WatchedText
{
    /// <summary>A match that reaches the end may go on; from this length on it is taken as it is.</summary>
    private const int LongestOpen = 64 * 1024;

    private readonly IReadOnlyList<ActivePattern> _patterns;
    private readonly int _window;
    private readonly bool _isJson;
    private readonly long[] _next;
    private readonly List<Found> _found = [];
    private readonly StringBuilder _rendered = new();
    private char[] _text = [];
    private int _length;
    private long _base;
    private long _renderedTo;
    private long _coveredTo;
    private bool _inString;
    private bool _escaped;

    /// <param name="patterns">What is looked for.</param>
    /// <param name="window">How many characters are left undecided while the text grows.</param>
    /// <param name="isJson">Whether it is JSON, which stays so.</param>
    public WatchedText(IReadOnlyList<ActivePattern> patterns, int window, bool isJson)
    {
        _patterns = patterns;
        _window = patterns.Count == 0 ? 0 : window;
        _isJson = isJson;
        _next = new long[patterns.Count];
    }

    /// <summary>Its length so far.</summary>
    public long End => _base + _length;

    /// <summary>Up to where it is decided.</summary>
    public long Decided { get; private set; }

    /// <summary>What in it is denied; <see langword="null"/> while nothing is.</summary>
    public ActivePattern? Denied { get; private set; }

    public void Append(string text)
    {
        Trim();
        if (_text.Length < _length + text.Length)
        {
            Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + text.Length));
        }

        text.CopyTo(0, _text, _length, text.Length);
        _length += text.Length;
    }

    /// <summary>Decides what can be decided.</summary>
    /// <param name="final">Whether the text is over, as far as anybody knows.</param>
    public void Decide(bool final)
    {
        var limit = final ? End : Math.Max(Decided, End - _window);
        for (var i = 0; i < _patterns.Count; i++)
        {
            limit = Search(i, limit, final);
        }

        Decided = Math.Max(Decided, limit);
        _found.Sort((a, b) => a.Start.CompareTo(b.Start));
    }

    /// <returns>The new limit: not beyond a match that may go on.</returns>
    private long Search(int pattern, long limit, bool final)
    {
        var active = _patterns[pattern];
        while (_next[pattern] < limit)
        {
            var match = active.Pattern.Find(_text.AsSpan(0, _length), (int)(_next[pattern] - _base));
            var start = match is { } found ? _base + found.Start : limit;
            if (start >= limit)
            {
                _next[pattern] = limit;
                break;
            }

            var length = match!.Value.Length;
            if (!final && start + length == End && length < LongestOpen)
            {
                _next[pattern] = start;
                return start;
            }

            if (length > 0)
            {
                _found.Add(new Found(start, start + length, active));
                Denied ??= active.Denies ? active : null;
            }

            _next[pattern] = start + Math.Max(length, 1);
        }

        return limit;
    }

    /// <summary>The next piece of what it becomes; pieces are asked for in their order.</summary>
    /// <param name="end">Up to where; decided.</param>
    /// <param name="acted">Receives whose redactions begin in it.</param>
    /// <returns><see langword="null"/> where it stays as it is.</returns>
    public string? Render(long end, Action<ActivePattern> acted)
    {
        _rendered.Clear();
        var (changed, next) = (false, 0);
        for (; _renderedTo < end; _renderedTo++)
        {
            while (next < _found.Count && _found[next].Start < _renderedTo)
            {
                next++;
            }

            for (; next < _found.Count && _found[next].Start == _renderedTo; next++)
            {
                var found = _found[next];
                acted(found.By);
                if (_renderedTo >= _coveredTo)
                {
                    var quote = _isJson && !_inString ? "\"" : "";
                    _rendered.Append(quote).Append(found.By.Gate.Replacement).Append(quote);
                }

                _coveredTo = Math.Max(_coveredTo, found.End);
            }

            var character = _text[_renderedTo - _base];
            Step(character);
            if (_renderedTo < _coveredTo)
            {
                changed = true;
            }
            else
            {
                _rendered.Append(character);
            }
        }

        return changed ? _rendered.ToString() : null;
    }

    private void Step(char character)
    {
        if (_escaped)
        {
            _escaped = false;
        }
        else if (character == '\\')
        {
            _escaped = _inString;
        }
        else if (character == '"')
        {
            _inString = !_inString;
        }
    }

    /// <summary>Forgets what is over, but for the character that tells a word's beginning.</summary>
    private void Trim()
    {
        var needed = Math.Min(_renderedTo, Decided);
        foreach (var next in _next)
        {
            needed = Math.Min(needed, next);
        }

        var gone = (int)(needed - 1 - _base);
        if (gone < 256)
        {
            return;
        }

        Array.Copy(_text, gone, _text, 0, _length - gone);
        _length -= gone;
        _base += gone;
        _found.RemoveAll(f => f.End <= _base);
    }

    private readonly record struct Found(long Start, long End, ActivePattern By);
}
