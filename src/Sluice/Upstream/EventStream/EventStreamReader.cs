using System.Buffers;

namespace Sluice.Upstream.EventStream;

/// <summary>Reads Amazon's binary event stream as server-sent events.</summary>
internal sealed class EventStreamReader(Stream source) : Stream
{
    private readonly ArrayBufferWriter<byte> _frames = new(4096);
    private byte[] _input = new byte[4096];
    private int _start;
    private int _end;
    private int _given;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged, or are no such stream.</exception>
    /// <exception cref="HttpIOException">The stream ended in the middle of a message.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_given == _frames.WrittenCount)
        {
            _frames.ResetWrittenCount();
            _given = 0;
            if (Decode())
            {
                break;
            }

            if (await FillAsync(cancellationToken).ConfigureAwait(false) == 0)
            {
                return _start == _end
                    ? 0
                    : throw new HttpIOException(HttpRequestError.ResponseEnded, "the stream ended in the middle of an event");
            }
        }

        var count = Math.Min(buffer.Length, _frames.WrittenCount - _given);
        _frames.WrittenMemory.Slice(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("this stream is read asynchronously");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <returns>Whether there are frames to hand out.</returns>
    private bool Decode()
    {
        try
        {
            while (EventMessage.TryRead(_input.AsSpan(_start, _end - _start), out var message))
            {
                EventFrames.Write(message, _frames);
                _start += message.Length;
            }
        }
        catch (InvalidDataException) when (_frames.WrittenCount > 0)
        {
            // What came before the damage is handed out first; it is met again at the next read.
        }

        return _frames.WrittenCount > 0;
    }

    private async ValueTask<int> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _input.Length)
        {
            Array.Resize(ref _input, _input.Length * 2);
        }

        var read = await source.ReadAsync(_input.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
