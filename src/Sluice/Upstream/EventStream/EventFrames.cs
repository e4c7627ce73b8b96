using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Upstream.EventStream;

/// <summary>Writes messages of an event stream as server-sent events, so that everything behind the transport sees one framing.</summary>
/// <remarks>
/// An event becomes <c>data: {"NAME":{…}}</c>, named inside as its union is in the service's model. A <c>chunk</c> carries another
/// protocol's event in base64, which becomes an event of that protocol. An exception becomes an error event.
/// </remarks>
internal static class EventFrames
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    public static void Write(in EventMessage message, IBufferWriter<byte> output)
    {
        var kind = message.Header(":message-type"u8);
        if (kind.SequenceEqual("exception"u8))
        {
            WriteError(message.Header(":exception-type"u8), MessageOf(message.Payload), output);
        }
        else if (kind.SequenceEqual("error"u8))
        {
            WriteError(message.Header(":error-code"u8), Encoding.UTF8.GetString(message.Header(":error-message"u8)), output);
        }
        else if (message.Header(":event-type"u8) is var name && name.SequenceEqual("chunk"u8))
        {
            WriteChunk(message.Payload, output);
        }
        else
        {
            WriteEvent(name, message.Payload, output);
        }
    }

    private static void WriteEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        output.Write("event: "u8);
        WriteLine(name, output);
        output.Write("\ndata: {\""u8);
        WriteLine(name, output);
        output.Write("\":"u8);
        WriteLine(payload.IsEmpty ? "{}"u8 : payload, output);
        output.Write("}\n\n"u8);
    }

    private static void WriteChunk(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        var inner = BytesOf(payload);
        if (TypeOf(inner) is { } type)
        {
            output.Write("event: "u8);
            WriteLine(Encoding.UTF8.GetBytes(type), output);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
        WriteLine(inner, output);
        output.Write("\n\n"u8);
    }

    private static void WriteError(ReadOnlySpan<byte> type, string text, IBufferWriter<byte> output)
    {
        output.Write("event: error\ndata: "u8);
        using (var json = new Utf8JsonWriter(output, JsonStyle.Compact))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteStartObject("error"u8);
            json.WriteString("type"u8, type);
            json.WriteString("message"u8, text);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    /// <summary>The bytes in <c>{"bytes":"…"}</c>; the payload itself where they cannot be read, for the wire to find malformed.</summary>
    private static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = JsonCursor.Open(payload);
            while (JsonCursor.NextMember(ref reader))
            {
                if (!reader.ValueTextEquals("bytes"u8))
                {
                    JsonCursor.SkipValue(ref reader);
                }
                else if (reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var bytes))
                {
                    return bytes;
                }
            }
        }
        catch (JsonException)
        {
            // Not the shape the service documents.
        }

        return payload;
    }

    private static string? TypeOf(ReadOnlySpan<byte> json) => Member(json, "type"u8);

    private static string MessageOf(ReadOnlySpan<byte> payload) =>
        Member(payload, "message"u8) ?? Member(payload, "Message"u8) ?? Encoding.UTF8.GetString(payload);

    private static string? Member(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        try
        {
            var reader = JsonCursor.Open(json);
            while (JsonCursor.NextMember(ref reader))
            {
                if (reader.ValueTextEquals(name))
                {
                    return JsonCursor.ReadString(ref reader);
                }

                JsonCursor.SkipValue(ref reader);
            }
        }
        catch (JsonException)
        {
            // What cannot be read has no member.
        }

        return null;
    }

    /// <summary>In JSON a line end is only ever white space; in a frame it would be its end.</summary>
    private static void WriteLine(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        for (int end; (end = bytes.IndexOfAny(LineEnds)) >= 0; bytes = bytes[(end + 1)..])
        {
            output.Write(bytes[..end]);
            output.Write(" "u8);
        }

        output.Write(bytes);
    }
}
