using System.Text.Json;

namespace Sluice.Wires.Json;

/// <summary>The members of a JSON object and where they stand in its bytes.</summary>
internal readonly struct JsonMembers
{
    private static readonly JsonReaderOptions Strict = new() { CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 256 };

    /// <summary>So many names are compared one by one; more of them would make the time grow with their square.</summary>
    private const int Few = 32;

    private readonly List<MemberSpan> _members;

    private JsonMembers(ReadOnlyMemory<byte> body, List<MemberSpan> members)
    {
        Body = body;
        _members = members;
    }

    /// <summary>The whole body, also for an object within it.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public int Count => _members.Count;

    public MemberSpan this[int index] => _members[index];

    public List<MemberSpan>.Enumerator GetEnumerator() => _members.GetEnumerator();

    /// <summary>The members of the object that is the whole of <paramref name="body"/>.</summary>
    /// <param name="body">UTF-8 without a byte-order mark.</param>
    /// <exception cref="RequestException">Not valid JSON, not an object, or a member twice.</exception>
    public static JsonMembers Read(ReadOnlyMemory<byte> body) => new(body, Scan(body.Span, 0, ""));

    /// <summary>The members of the object that is the value of <paramref name="member"/>.</summary>
    /// <exception cref="RequestException">A member occurs twice.</exception>
    public JsonMembers Inside(MemberSpan member) =>
        new(Body, Scan(Body.Span[member.ValueStart..member.End], member.ValueStart, member.Name));

    /// <summary>The object of this name; <see langword="null"/> when it is absent or something else.</summary>
    public JsonMembers? Object(string name) =>
        Find(name) is { } member && Body.Span[member.ValueStart] == (byte)'{' ? Inside(member) : null;

    /// <summary>The member of this name, or <see langword="null"/>.</summary>
    public MemberSpan? Find(string name)
    {
        foreach (var member in _members)
        {
            if (member.Name == name)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The bytes of a member's value; empty when it is absent or <c>null</c>.</summary>
    public ReadOnlySpan<byte> Value(string name)
    {
        var value = Find(name) is { } found ? Body.Span[found.ValueStart..found.End] : default;
        return value.SequenceEqual("null"u8) ? default : value;
    }

    private static List<MemberSpan> Scan(ReadOnlySpan<byte> json, int offset, string path)
    {
        try
        {
            return ScanObject(json, offset, path);
        }
        catch (JsonException exception)
        {
            throw new RequestException(
                $"the body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})",
                path.Length == 0 ? null : path
            );
        }
    }

    private static List<MemberSpan> ScanObject(ReadOnlySpan<byte> json, int offset, string path)
    {
        var reader = new Utf8JsonReader(json, Strict);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw path.Length == 0
                ? new RequestException("the body is not a JSON object")
                : new RequestException($"'{path}' is not an object", path);
        }

        var members = new List<MemberSpan>(8);
        HashSet<string>? names = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var start = (int)reader.TokenStartIndex;
            reader.Read();
            var valueStart = (int)reader.TokenStartIndex;
            reader.Skip();
            if (members.Count == Few)
            {
                names = [.. members.Select(m => m.Name)];
            }

            if (names is null ? Occurs(members, name) : !names.Add(name))
            {
                var full = path.Length == 0 ? name : $"{path}.{name}";
                throw new RequestException($"member '{full}' occurs twice", full);
            }

            members.Add(new MemberSpan(name, offset + start, offset + valueStart, offset + (int)reader.BytesConsumed));
        }

        // Whatever follows the object is an error of the body.
        while (reader.Read()) { }

        return members;
    }

    private static bool Occurs(List<MemberSpan> members, string name)
    {
        foreach (var member in members)
        {
            if (member.Name == name)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>One member of a JSON object as byte offsets into the body it was read from.</summary>
/// <param name="Name">The member's name, unescaped.</param>
/// <param name="Start">Where its name token begins (the opening quote).</param>
/// <param name="ValueStart">Where its value begins.</param>
/// <param name="End">One past the last byte of its value.</param>
internal readonly record struct MemberSpan(string Name, int Start, int ValueStart, int End);
