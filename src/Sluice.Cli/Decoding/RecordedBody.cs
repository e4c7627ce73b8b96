using System.Text.Json;
using Sluice.Calls;

namespace Sluice.Cli.Decoding;

/// <summary>What a recorded body is made of: bytes as they came, or one payload a line with the framing taken off.</summary>
internal static class RecordedBody
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static ReadOnlySpan<byte> GzipMark => [0x1F, 0x8B];

    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> body) => body.StartsWith(ByteOrderMark) ? body[3..] : body;

    public static bool IsCompressed(ReadOnlySpan<byte> body) => body.StartsWith(GzipMark);

    public static ProviderException Compressed() => new(FailureClass.Drift, "the body is compressed with gzip; unpack it first");

    /// <summary>Whether it holds Amazon's binary events, which begin with a length below 16 MiB; text never begins so.</summary>
    public static bool IsBinary(ReadOnlySpan<byte> body) => body.StartsWith((byte)0);

    /// <summary>Whether it holds server-sent events.</summary>
    public static bool IsEventStream(ReadOnlySpan<byte> body)
    {
        foreach (var range in body.SplitAny("\r\n"u8))
        {
            var line = body[range];
            if (line.StartsWith("data:"u8) || line.StartsWith("event:"u8))
            {
                return true;
            }

            if (!line.IsEmpty && line[0] != (byte)':' && !line.StartsWith("id:"u8) && !line.StartsWith("retry:"u8))
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

    /// <summary>Whether it is one JSON object or array and nothing else.</summary>
    public static bool IsJson(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 256 });
            return reader.Read()
                && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
                && reader.TrySkip()
                && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsObject(ReadOnlySpan<byte> text) => text.StartsWith((byte)'{') && IsJson(text);
}
