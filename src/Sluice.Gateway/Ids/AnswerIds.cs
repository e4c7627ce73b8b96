using Sluice.Wires.Json;

namespace Sluice.Gateway.Ids;

/// <summary>Finds the ids in a JSON answer while its bytes pass: members at its top and one level below, in constant memory.</summary>
/// <param name="wanted">The members, <c>id</c> or <c>file.id</c>; the elements of a list go by the list's name.</param>
/// <param name="found">Hears of each before the bytes that end it are passed on.</param>
internal sealed class AnswerIds(IReadOnlyCollection<string> wanted, Action<string> found)
{
    private const int Deepest = 2;

    private readonly byte[] _text = new byte[256];
    private readonly string?[] _names = new string?[Deepest + 1];
    private int _length;
    private int _depth;
    private bool _inText;
    private bool _escaped;
    private bool _overflows;
    private string? _last;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (_inText)
            {
                ReadText(b);
            }
            else
            {
                ReadStructure(b);
            }
        }
    }

    private void ReadText(byte b)
    {
        if (b == '"' && !_escaped)
        {
            Keep(b);
            _inText = false;
            _last = _depth is >= 1 and <= Deepest && !_overflows ? JsonText.String(_text.AsSpan(0, _length)) : null;
            return;
        }

        _escaped = b == '\\' && !_escaped;
        Keep(b);
    }

    private void Keep(byte b)
    {
        if (_length == _text.Length)
        {
            _overflows = true;
            return;
        }

        _text[_length++] = b;
    }

    private void ReadStructure(byte b)
    {
        switch ((char)b)
        {
            case '"':
                (_inText, _overflows, _length) = (true, false, 0);
                Keep(b);
                break;
            case ':' when _depth is >= 1 and <= Deepest:
                (_names[_depth], _last) = (_last, null);
                break;
            case '{' or '[':
                _depth++;
                if (_depth <= Deepest)
                {
                    _names[_depth] = null;
                }

                break;
            case '}' or ']':
                Report();
                _depth--;
                break;
            case ',':
                Report();
                break;
        }
    }

    private void Report()
    {
        if (_last is not { } value || _depth is < 1 or > Deepest)
        {
            return;
        }

        _last = null;
        var name = _depth == 1 || _names[_depth] is null ? _names[1] : $"{_names[1]}.{_names[_depth]}";
        if (name is not null && wanted.Contains(name))
        {
            found(value);
        }
    }
}
