using System.Buffers;

namespace Sluice.Attempts;

/// <summary>A pooled, growing buffer between a provider's stream and the relay: bytes come in at the end and leave at the front.</summary>
/// <param name="capacity">Room to begin with, in bytes.</param>
internal sealed class StreamBuffer(int capacity = 4096) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private int _start;
    private int _end;

    public ReadOnlyMemory<byte> Unread => _bytes.AsMemory(_start, _end - _start);

    public int Length => _end - _start;

    public async ValueTask<int> FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        MakeRoom();
        var read = await stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        return read;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (_bytes.Length - _end < bytes.Length)
        {
            Grow();
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    public void Clear() => _start = _end = 0;

    private void MakeRoom()
    {
        if (_end < _bytes.Length)
        {
            return;
        }

        if (_start > 0)
        {
            _bytes.AsSpan(_start, Length).CopyTo(_bytes);
            (_start, _end) = (0, Length);
        }
        else
        {
            Grow();
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        _bytes.AsSpan(_start, Length).CopyTo(larger);
        (_start, _end) = (0, Length);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
