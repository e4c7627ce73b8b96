using System.Text.Json;

namespace Sluice.Wires;

/// <summary>A shallow walk over a conversation: what in it is not measured by its bytes?</summary>
internal static class RequestScan
{
    /// <summary>Looks at member names and short values only; a text that merely talks about them is a string and is skipped.</summary>
    /// <returns>How many images there are, and whether there is content that no count of bytes bounds: it stands elsewhere, or is compressed.</returns>
    public static (int Images, bool Unbounded) Of(ReadOnlySpan<byte> messages)
    {
        var (images, unbounded) = (0, false);
        var reader = new Utf8JsonReader(messages, new JsonReaderOptions { MaxDepth = 256 });
        while (!messages.IsEmpty && reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("input"u8))
            {
                // Arguments of a tool: whatever they name, nobody fetches it.
                reader.Read();
                reader.Skip();
            }
            else if (reader.ValueTextEquals("image_url"u8))
            {
                images++;
                reader.Read();
                unbounded |= IsAddress(ref reader);
            }
            else if (reader.ValueTextEquals("file_id"u8) || reader.ValueTextEquals("file_data"u8))
            {
                unbounded = true;
            }
            else if (reader.ValueTextEquals("url"u8))
            {
                reader.Read();
                unbounded |= IsAddress(ref reader);
            }
            else if (reader.ValueTextEquals("media_type"u8))
            {
                reader.Read();
                unbounded |= reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("application/pdf"u8);
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                images += reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("image"u8) ? 1 : 0;
            }
        }

        return (images, unbounded);
    }

    private static bool IsAddress(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueSpan.StartsWith("data:"u8);
}
