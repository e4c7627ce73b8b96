namespace Sluice.Gateway.Ids;

/// <summary>Looks for ids in a request while its bytes pass, whatever its format: every run of the signs ids are made of.</summary>
/// <remarks>
/// Escapes of JSON are undone and zero bytes skipped, so that neither <c>\u002d</c> nor UTF-16 hides an id. Google names things with the
/// collection they are in, <c>files/abc</c>: a run is looked up together with the one that a slash parts from it, too.
/// </remarks>
internal sealed class BodyIds(IdTest found)
{
    private const int Shortest = 8;
    private const int Longest = 256;

    /// <summary>The run, behind the one before it and a slash.</summary>
    private readonly char[] _text = new char[2 * Longest + 1];

    /// <summary>Where the run begins.</summary>
    private int _start;
    private int _end;
    private bool _overflows;
    private int _escape;
    private int _code;

    /// <summary>Whether an id that was looked for ends in these bytes, or with them where they are the last.</summary>
    public bool Sees(ReadOnlySpan<byte> bytes, bool last)
    {
        var seen = false;
        foreach (var b in bytes)
        {
            seen |= Read(b);
        }

        return last ? seen | End() : seen;
    }

    private bool Read(byte b)
    {
        switch (_escape)
        {
            case 0 when b == '\\':
                _escape = 1;
                return false;
            case 0:
                return b != 0 && Add(b);
            case 1 when b != 0:
                (_escape, _code) = (b == 'u' ? 2 : 0, 0);
                return b != 'u' && (b == '/' ? Add(b) : End());
            case 1:
                return false;
            default:
                return ReadHex(b);
        }
    }

    private bool ReadHex(byte b)
    {
        if (b == 0)
        {
            return false;
        }

        if (!char.IsAsciiHexDigit((char)b))
        {
            _escape = 0;
            return End() | Add(b);
        }

        _code = _code * 16 + (char.IsAsciiDigit((char)b) ? b - '0' : (b | 0x20) - 'a' + 10);
        if (_escape++ < 5)
        {
            return false;
        }

        _escape = 0;
        return _code < 128 ? Add((byte)_code) : End();
    }

    private bool Add(byte b)
    {
        if (b == '/' && _end > _start && !_overflows)
        {
            return Follow();
        }

        if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'_'))
        {
            return End();
        }

        if (_end - _start == Longest)
        {
            _overflows = true;
            return false;
        }

        _text[_end++] = (char)b;
        return false;
    }

    /// <summary>A slash ends a run and has the next one follow it.</summary>
    private bool Follow()
    {
        var seen = Test();
        _text.AsSpan(_start, _end - _start).CopyTo(_text);
        _end -= _start;
        _text[_end++] = '/';
        _start = _end;
        return seen;
    }

    private bool End()
    {
        var seen = Test();
        (_start, _end, _overflows) = (0, 0, false);
        return seen;
    }

    private bool Test() =>
        _end > _start
        && !_overflows
        && ((_end - _start >= Shortest && found(_text.AsSpan(_start, _end - _start))) | (_start > 0 && found(_text.AsSpan(0, _end))));
}

/// <summary>Whether this is an id that is looked for.</summary>
internal delegate bool IdTest(ReadOnlySpan<char> id);
