using System.Text;

namespace Sluice.Gateway.PassThrough;

/// <summary>Looks for ids in a request while its bytes pass, whatever its format: every run of the signs ids are made of.</summary>
/// <remarks>Escapes of JSON are undone and zero bytes skipped, so that neither <c>\u002d</c> nor UTF-16 hides an id.</remarks>
internal sealed class BodyIds(Func<string, bool> forbidden)
{
    private const int Shortest = 8;

    private readonly byte[] _run = new byte[256];
    private int _length;
    private bool _overflows;
    private int _escape;
    private int _code;

    /// <summary>Whether an id that is forbidden ends in these bytes, or with them where they are the last.</summary>
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
            case 1:
                (_escape, _code) = (b == 'u' ? 2 : 0, 0);
                return b != 'u' && b != 0 && End();
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
        if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'_'))
        {
            return End();
        }

        if (_length == _run.Length)
        {
            _overflows = true;
            return false;
        }

        _run[_length++] = b;
        return false;
    }

    private bool End()
    {
        var seen = _length >= Shortest && !_overflows && forbidden(Encoding.ASCII.GetString(_run, 0, _length));
        (_length, _overflows) = (0, false);
        return seen;
    }
}
