using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Wires.Gemini;

/// <summary>Shallow walks over a request: what routing and money need to know of it.</summary>
internal static class GeminiScan
{
    /// <summary>Images, and content that no count of bytes bounds: it stands elsewhere, or is compressed.</summary>
    public static (int Images, bool Unbounded) Media(ReadOnlySpan<byte> contents)
    {
        var (images, unbounded) = (0, false);
        var reader = Reader(contents);
        while (!contents.IsEmpty && reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("args"u8) || reader.ValueTextEquals("response"u8))
            {
                // Arguments and results of a tool: whatever they name, nobody fetches it.
                reader.Read();
                reader.Skip();
            }
            else if (reader.ValueTextEquals("fileUri"u8) || reader.ValueTextEquals("file_uri"u8))
            {
                unbounded = true;
            }
            else if (reader.ValueTextEquals("mimeType"u8) || reader.ValueTextEquals("mime_type"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    images += reader.ValueSpan.StartsWith("image/"u8) ? 1 : 0;
                    unbounded |= reader.ValueSpan.StartsWith("application/"u8) || reader.ValueSpan.StartsWith("video/"u8);
                }
            }
        }

        return (images, unbounded);
    }

    /// <summary>
    /// In a list of tools every member but the declarations of functions is a tool that Google runs; some clients send those they do
    /// not use as null.
    /// </summary>
    public static (bool Any, bool Server) Tools(ReadOnlySpan<byte> tools)
    {
        var (any, server) = (false, false);
        var reader = Reader(tools);
        while (!tools.IsEmpty && reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > 2)
            {
                continue;
            }

            var function = reader.ValueTextEquals("functionDeclarations"u8) || reader.ValueTextEquals("function_declarations"u8);
            reader.Read();
            any |= reader.TokenType != JsonTokenType.Null;
            server |= !function && reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }

        return (any, server);
    }

    /// <summary>Whether there is a turn of the model whose first call has no signature.</summary>
    public static bool HasUnsignedCalls(ReadOnlySpan<byte> contents)
    {
        if (contents.IndexOf("functionCall"u8) < 0 && contents.IndexOf("function_call"u8) < 0)
        {
            return false;
        }

        var reader = Reader(contents);
        using var document = JsonDocument.ParseValue(ref reader);
        var called = false;
        foreach (var content in document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray() : default)
        {
            // What the model says in a row is one turn.
            called &= content.Text("role") == "model";
            foreach (var part in content.Items("parts").Where(p => p.Field("functionCall") is not null))
            {
                if (!called && part.FieldText("thoughtSignature") is null)
                {
                    return true;
                }

                called = true;
            }
        }

        return false;
    }

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = 256 });
}
