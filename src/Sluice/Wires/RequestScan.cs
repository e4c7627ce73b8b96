using System.Text.Json;

namespace Sluice.Wires;

/// <summary>A shallow walk over a conversation: is there an image in it, or content that stands elsewhere?</summary>
internal static class RequestScan
{
    /// <summary>Looks at member names and short values only; a text that merely talks about them is a string and is skipped.</summary>
    public static (bool Images, bool Remote) Of(ReadOnlySpan<byte> messages)
    {
        var (images, remote) = (false, false);
        var reader = new Utf8JsonReader(messages, new JsonReaderOptions { MaxDepth = 256 });
        while (!messages.IsEmpty && reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("image_url"u8))
            {
                images = true;
            }
            else if (reader.ValueTextEquals("file_id"u8))
            {
                remote = true;
            }
            else if (reader.ValueTextEquals("url"u8))
            {
                reader.Read();
                remote |= reader.TokenType == JsonTokenType.String && !reader.ValueSpan.StartsWith("data:"u8);
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                images |= reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("image"u8);
            }
        }

        return (images, remote);
    }
}
