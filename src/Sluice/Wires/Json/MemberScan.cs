using System.Text.Json;

namespace Sluice.Wires.Json;

/// <summary>Finds the members of a JSON object and where they stand in its bytes.</summary>
internal static class MemberScan
{
    private static readonly JsonReaderOptions Strict = new() { CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 256 };

    /// <summary>The members of the object that is the whole of <paramref name="json"/>.</summary>
    /// <param name="json">UTF-8 without a byte-order mark.</param>
    /// <param name="offset">Added to every position: where the bytes stand in the body.</param>
    /// <param name="path">Named in errors; empty for the body itself.</param>
    /// <exception cref="RequestException">Not valid JSON, not an object, or a member twice.</exception>
    public static List<MemberSpan> Of(ReadOnlySpan<byte> json, int offset = 0, string path = "")
    {
        try
        {
            return Scan(json, offset, path);
        }
        catch (JsonException exception)
        {
            throw new RequestException(
                $"the body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})",
                path
            );
        }
    }

    private static List<MemberSpan> Scan(ReadOnlySpan<byte> json, int offset, string path)
    {
        var reader = new Utf8JsonReader(json, Strict);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new RequestException(path.Length == 0 ? "the body is not a JSON object" : $"'{path}' is not an object", path);
        }

        var members = new List<MemberSpan>(16);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var start = (int)reader.TokenStartIndex;
            reader.Read();
            var valueStart = (int)reader.TokenStartIndex;
            reader.Skip();
            foreach (var known in members)
            {
                if (known.Name == name)
                {
                    var full = path.Length == 0 ? name : $"{path}.{name}";
                    throw new RequestException($"member '{full}' occurs twice", full);
                }
            }

            members.Add(new MemberSpan(name, offset + start, offset + valueStart, offset + (int)reader.BytesConsumed));
        }

        // Whatever follows the object is an error of the body.
        while (reader.Read()) { }

        return members;
    }
}
