using System.Text.Json;

namespace Sluice.Cli.Decoding;

/// <summary>What a recorded body is made of: bytes as they came, or one payload a line with the framing taken off.</summary>
internal static class RecordedBody
{
    /// <summary>Whether it holds server-sent events.</summary>
    public static bool IsEventStream(ReadOnlySpan<byte> body)
    {
        foreach (var line in body.Split((byte)'\n'))
        {
            if (body[line].StartsWith("data:"u8) || body[line].StartsWith("event:"u8))
            {
                return true;
            }

            if (!body[line].Trim((byte)'\r').IsEmpty && body[line][0] != (byte)':')
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>The payloads of a body that has one in every line, a broken one among them; empty for any other body.</summary>
    public static List<byte[]> PayloadsOf(ReadOnlySpan<byte> body)
    {
        var payloads = new List<byte[]>();
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].Trim(" \t\r"u8);
            if (line.IsEmpty)
            {
                continue;
            }

            if (line[0] is not ((byte)'{' or (byte)'[') || (payloads.Count == 0 && !IsObject(line)))
            {
                return [];
            }

            payloads.Add(line.ToArray());
        }

        return payloads;
    }

    public static bool IsObject(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 256 });
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
