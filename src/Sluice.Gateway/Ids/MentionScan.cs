using System.Text;
using System.Text.Json;

namespace Sluice.Gateway.Ids;

/// <summary>A mention of something that stands at a provider.</summary>
/// <param name="Member">The member that names it.</param>
/// <param name="Value">An id, or an address that has one in it, as it stands in the body.</param>
/// <param name="Held">Whether nothing else can be meant than what one provider holds, made here or not.</param>
internal readonly record struct Mention(string Member, ReadOnlyMemory<byte> Value, bool Held);

/// <summary>Finds what a request refers to at a provider, in whichever protocol: files, containers, caches, earlier sound.</summary>
/// <remarks>
/// What is said is not looked into, nor are arguments and results of tools: whatever they name, nobody fetches it. Neither are sources
/// of an earlier answer, nor the id of an item that stands there whole.
/// </remarks>
internal ref struct MentionScan
{
    private const int Longest = 1024;
    private const int LongestName = 64;

    /// <summary>Members whose content is not looked into.</summary>
    private static readonly HashSet<string> Passed = ["args", "response", "metadata", "annotations", "parameters", "input_schema"];

    /// <summary>Members that name what one provider holds.</summary>
    private static readonly HashSet<string> HeldMembers =
    [
        "file_id",
        "file_ids",
        "vector_store_ids",
        "container",
        "container_id",
        "cachedContent",
        "cached_content",
        "fileSearchStoreNames",
        "file_search_store_names",
    ];

    /// <summary>Members that hold an object whose <c>id</c> is one of a thing.</summary>
    private static readonly HashSet<string> Described = ["container", "conversation", "audio"];

    /// <summary>Every name that has a meaning here, found without making a text of each that has none.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Known = new HashSet<string>([
        .. Passed,
        .. HeldMembers,
        .. Described,
        "type",
        "id",
        "input",
        "fileUri",
        "file_uri",
    ]).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly ReadOnlyMemory<byte> _body;
    private readonly List<Mention> _found = [];

    /// <summary>Which object each mention stands in, and which objects are sources of an earlier answer.</summary>
    private readonly List<int> _places = [];
    private readonly HashSet<int> _sources = [];
    private readonly Stack<(int Place, string Member)> _open = new();
    private Utf8JsonReader _reader;
    private string _member = "";
    private int _objects;

    private MentionScan(ReadOnlyMemory<byte> body)
    {
        _body = body;
        _reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 256 });
    }

    /// <param name="body">Valid JSON.</param>
    public static IReadOnlyList<Mention> Of(ReadOnlyMemory<byte> body)
    {
        var scan = new MentionScan(body);
        scan.Read();
        return scan.Result();
    }

    private void Read()
    {
        while (_reader.Read())
        {
            switch (_reader.TokenType)
            {
                case JsonTokenType.StartObject when _member == "input" && _open.Count > 1:
                    _reader.Skip();
                    break;
                case JsonTokenType.StartObject:
                    _open.Push((_objects++, _member));
                    _member = "";
                    break;
                case JsonTokenType.EndObject:
                    _member = _open.Pop().Member;
                    break;
                case JsonTokenType.PropertyName:
                    _member = Name();
                    if (Passed.Contains(_member))
                    {
                        _reader.Read();
                        _reader.Skip();
                    }

                    break;
                case JsonTokenType.String:
                    ReadText();
                    break;
            }
        }
    }

    private readonly string Name()
    {
        Span<char> text = stackalloc char[LongestName];
        if (_reader.ValueSpan.Length > LongestName)
        {
            return "";
        }

        ReadOnlySpan<char> name = text[.._reader.CopyString(text)];
        return Known.TryGetValue(name, out var known) ? known
            : name.EndsWith("_id") || name.EndsWith("_ids") ? name.ToString()
            : "";
    }

    private readonly void ReadText()
    {
        var (place, parent) = _open.Peek();
        var value = _body.Slice((int)_reader.TokenStartIndex + 1, _reader.ValueSpan.Length);
        if (_member == "type")
        {
            if (value.Span.EndsWith("_output"u8))
            {
                _sources.Add(place);
            }
        }
        else if (value.Length is > 0 and <= Longest && NameOf(parent) is { } name)
        {
            _found.Add(new Mention(name, value, IsHeld(name, value.Span)));
            _places.Add(place);
        }
    }

    /// <returns>The member as a caller knows it; <see langword="null"/> where it names nothing.</returns>
    private readonly string? NameOf(string parent) =>
        _member == "id" ? (Described.Contains(parent) ? $"{parent}.id" : null)
        : _member is "" or "type" or "input" or "audio" ? null
        : _member;

    /// <summary>An address of a file is that of one of Google's own, or of one that anybody can fetch.</summary>
    private static bool IsHeld(string name, ReadOnlySpan<byte> value) =>
        name is "fileUri" or "file_uri"
            ? IsGoogles(Encoding.UTF8.GetString(value))
            : HeldMembers.Contains(name) || name.EndsWith(".id", StringComparison.Ordinal);

    private static bool IsGoogles(string address) =>
        address.StartsWith("files/", StringComparison.Ordinal)
        || Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host == "generativelanguage.googleapis.com";

    private readonly List<Mention> Result()
    {
        var (sources, places) = (_sources, _places);
        return sources.Count == 0 ? _found : [.. _found.Where((_, i) => !sources.Contains(places[i]))];
    }
}
