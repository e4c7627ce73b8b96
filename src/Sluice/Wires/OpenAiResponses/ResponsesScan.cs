using System.Text.Json;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>A shallow walk over the input: is there an image in it, content that stands elsewhere, items that the provider keeps?</summary>
/// <param name="Images">How many images there are.</param>
/// <param name="Unbounded">Whether there is a document, or an image that is not in the body: neither is measured by its bytes.</param>
/// <param name="References">Ids of items that only the provider has.</param>
internal readonly record struct ResponsesScan(int Images, bool Unbounded, IReadOnlyList<string> References)
{
    /// <summary>Looks at member names and short values only; sources of an earlier answer are no content and are passed over.</summary>
    public static ResponsesScan Of(ReadOnlySpan<byte> input)
    {
        var (images, unbounded) = (0, false);
        var references = new List<string>();
        var (itemId, isReference) = ((string?)null, false);
        var reader = new Utf8JsonReader(input, new JsonReaderOptions { MaxDepth = 256 });
        while (!input.IsEmpty && reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 1 })
            {
                if (isReference && itemId is not null)
                {
                    references.Add(itemId);
                }

                (itemId, isReference) = (null, false);
            }

            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("annotations"u8) || reader.ValueTextEquals("action"u8))
            {
                reader.Skip();
            }
            else if (reader.ValueTextEquals("image_url"u8))
            {
                reader.Read();
                unbounded |= reader.TokenType == JsonTokenType.String && !reader.ValueSpan.StartsWith("data:"u8);
            }
            else if (reader.ValueTextEquals("file_id"u8) || reader.ValueTextEquals("file_url"u8) || reader.ValueTextEquals("file_data"u8))
            {
                reader.Read();
                unbounded |= reader.TokenType == JsonTokenType.String;
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                var item = reader.CurrentDepth == 2;
                reader.Read();
                images += reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("input_image"u8) ? 1 : 0;
                isReference |= item && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("item_reference"u8);
            }
            else if (reader.CurrentDepth == 2 && reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                itemId = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }

        return new ResponsesScan(images, unbounded, references);
    }
}
