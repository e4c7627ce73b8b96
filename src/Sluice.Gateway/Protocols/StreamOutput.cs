using System.Buffers;

namespace Sluice.Gateway.Protocols;

/// <summary>Frames on their way to the client: as they are, or held until they are put into the form that it asked for.</summary>
internal sealed class StreamOutput(IBufferWriter<byte> client, IStreamForm? form)
{
    private readonly ArrayBufferWriter<byte>? _held = form is null ? null : new ArrayBufferWriter<byte>();

    /// <summary>Where frames of the client's wire are written to.</summary>
    public IBufferWriter<byte> Frames => _held ?? client;

    /// <summary>Hands over what was written.</summary>
    /// <param name="complete">Whether the stream ends with it, and as it should.</param>
    public void Pass(bool complete)
    {
        if (_held is null || form is null)
        {
            return;
        }

        form.Write(_held.WrittenSpan, client);
        _held.ResetWrittenCount();
        if (complete)
        {
            form.WriteEnd(client);
        }
    }
}
