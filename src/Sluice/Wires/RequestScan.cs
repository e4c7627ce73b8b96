using System.Text.Json;

namespace Sluice.Wires;

/// <summary>A shallow walk over a conversation: what in it is not measured by its bytes?</summary>
internal static class RequestScan
{
    /// <summary>Looks at member names and short values only; a text that merely talks about them is a string and is skipped.</summary>
    public static ScannedContent Of(ReadOnlySpan<byte> messages)
    {
        var (images, unbounded, thoughts) = (0, false, 0);
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
                if (reader.TokenType == JsonTokenType.String)
                {
                    images += reader.ValueTextEquals("image"u8) ? 1 : 0;
                    thoughts += reader.ValueTextEquals("thinking"u8) ? 1 : 0;
                }
            }
            else if (reader.ValueTextEquals("signature"u8))
            {
                reader.Read();
                thoughts -= reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty ? 1 : 0;
            }
        }

        return new ScannedContent(images, unbounded, thoughts > 0);
    }

    private static bool IsAddress(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueSpan.StartsWith("data:"u8);
}

/// <summary>What a scan found.</summary>
/// <param name="Images">How many images there are.</param>
/// <param name="Unbounded">There is content that no count of bytes bounds: it stands elsewhere, or is compressed.</param>
/// <param name="Unsigned">There is thinking without a signature.</param>
internal readonly record struct ScannedContent(int Images, bool Unbounded, bool Unsigned);
