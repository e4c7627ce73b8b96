using System.Buffers.Binary;
using System.Text;

namespace Sluice.Simulator;

/// <summary>Writes messages of Amazon's binary event stream.</summary>
internal static class EventMessages
{
    private const byte Text = 7;

    /// <param name="headers">Text headers by name.</param>
    /// <param name="payload">The payload, which is JSON here.</param>
    public static byte[] Write(IReadOnlyList<(string Name, string Value)> headers, string payload)
    {
        using var named = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            named.WriteByte((byte)name.Length);
            named.Write(Encoding.ASCII.GetBytes(name));
            named.WriteByte(Text);
            named.Write([(byte)(value.Length >> 8), (byte)value.Length]);
            named.Write(Encoding.UTF8.GetBytes(value));
        }

        var body = Encoding.UTF8.GetBytes(payload);
        var message = new byte[12 + named.Length + body.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), (int)named.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Checksum(message.AsSpan(0, 8)));
        named.ToArray().CopyTo(message, 12);
        body.CopyTo(message, 12 + (int)named.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - 4), Checksum(message.AsSpan(0, message.Length - 4)));
        return message;
    }

    public static byte[] Event(string name, string json) =>
        Write([(":event-type", name), (":content-type", "application/json"), (":message-type", "event")], json);

    public static byte[] Exception(string name, string json) =>
        Write([(":exception-type", name), (":content-type", "application/json"), (":message-type", "exception")], json);

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
            }
        }

        return crc ^ 0xFFFFFFFFu;
    }
}
