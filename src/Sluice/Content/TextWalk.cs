using System.Text;
using System.Text.Json;
using Sluice.Catalog;

namespace Sluice.Content;

/// <summary>Finds the texts of a body of any wire: every string that is not known to be something else.</summary>
/// <remarks>
/// What a wire will say tomorrow is a text until somebody says otherwise, so that no new member goes around a gate. A member that
/// occurs twice is found twice.
/// </remarks>
internal sealed class TextWalk
{
    private const int MaxDepth = 256;

    private readonly List<TextSpan> _spans;
    private readonly WireKind? _wire;
    private readonly Of _of;

    private enum Of
    {
        Request,
        Answer,
        Frame,
    }

    private TextWalk(List<TextSpan> spans, Of of, WireKind? wire)
    {
        _spans = spans;
        _wire = wire;
        _of = of;
    }

    /// <exception cref="JsonException">It is not valid JSON.</exception>
    public static List<TextSpan> OfRequest(ReadOnlySpan<byte> body) => Find(body, Of.Request, null);

    /// <exception cref="JsonException">It is not valid JSON.</exception>
    public static List<TextSpan> OfAnswer(ReadOnlySpan<byte> body) => Find(body, Of.Answer, null);

    /// <summary>The texts in one frame of a stream; none where it is no JSON.</summary>
    public static List<TextSpan> OfFrame(ReadOnlySpan<byte> data, WireKind wire)
    {
        try
        {
            return data.IsEmpty ? [] : Find(data, Of.Frame, wire);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static List<TextSpan> Find(ReadOnlySpan<byte> body, Of of, WireKind? wire)
    {
        var spans = new List<TextSpan>();
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (reader.Read())
        {
            new TextWalk(spans, of, wire).Value(
                ref reader,
                new Place { Role = of == Of.Request ? ContentRole.Unsaid : ContentRole.Assistant }
            );
        }

        return spans;
    }

    private void Value(ref Utf8JsonReader reader, Place place)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Object(ref reader, place);
                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Value(ref reader, place);
                }

                break;
            case JsonTokenType.String when place.Opaque || !TextMembers.IsNoText(place.Name, reader.ValueSpan):
                Add(ref reader, place);
                break;
            case JsonTokenType.Number when place.Opaque:
                Add(ref reader, place);
                break;
        }
    }

    private void Add(ref Utf8JsonReader reader, Place place)
    {
        var part = place.Opaque ? place.Part : TextMembers.PartOf(place.Name) ?? place.Part;
        _spans.Add(
            new TextSpan((int)reader.TokenStartIndex, (int)reader.BytesConsumed)
            {
                Part = part,
                Role = place.Role,
                Channel = _of == Of.Frame && !place.Opaque && TextMembers.Continues(place.Name, _wire) ? ChannelOf(place.Name) : 0,
            }
        );
    }

    private void Object(ref Utf8JsonReader reader, Place place)
    {
        var first = _spans.Count;
        var facts = new ObjectFacts();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            reader.Read();
            if (!place.Opaque)
            {
                Note(ref facts, name, ref reader);
            }

            if (!place.Opaque && TextMembers.IsProbabilities(name))
            {
                Probabilities(ref reader);
            }
            else if (!place.Opaque && _of != Of.Request && TextMembers.EchoesRequest(name))
            {
                reader.Skip();
            }
            else
            {
                Value(ref reader, place.At(name, reader.TokenType == JsonTokenType.StartObject));
            }
        }

        if (!place.Opaque)
        {
            Settle(first, facts, place);
        }
    }

    private void Probabilities(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (_of != Of.Request && reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
        {
            _spans.Add(new TextSpan(start, (int)reader.BytesConsumed) { IsProbabilities = true });
        }
    }

    private static void Note(ref ObjectFacts facts, string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "role" when reader.TokenType == JsonTokenType.String:
                facts.Role = TextMembers.RoleOf(Name(ref reader));
                break;
            case "type" when reader.TokenType == JsonTokenType.String:
                facts.Type = Name(ref reader);
                break;
            case "thought" when reader.TokenType == JsonTokenType.True:
                facts.Thought = true;
                break;
            case "index"
            or "output_index"
            or "content_index"
            or "summary_index"
            or "contentBlockIndex" when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index):
                // In whatever order they stand.
                facts.Index ^= HashCode.Combine(name, index);
                break;
        }
    }

    /// <summary>What an object says of itself holds for the texts in it, wherever it says it.</summary>
    private void Settle(int first, ObjectFacts facts, Place place)
    {
        if (TextMembers.IsBinary(facts.Type))
        {
            _spans.RemoveRange(first, _spans.Count - first);
            return;
        }

        var part =
            facts.Thought || TextMembers.IsThinking(facts.Type) ? ContentParts.Reasoning
            : facts.Role == ContentRole.Tool || TextMembers.IsResult(facts.Type) ? ContentParts.ToolResults
            : (ContentParts?)null;
        var whole = _of == Of.Frame && place.IsRoot && _wire == WireKind.OpenAiResponses && !TextMembers.IsDelta(facts.Type);
        for (var i = first; i < _spans.Count; i++)
        {
            var span = _spans[i];
            span = span with
            {
                Part =
                    span.Part == ContentParts.Text && part is { } known ? known
                    : span.Part == ContentParts.Text && place.IsRoot && _of == Of.Frame ? TextMembers.PartOfDelta(facts.Type)
                    : span.Part,
                Role =
                    span.Role != ContentRole.Unsaid ? span.Role
                    : facts.Role is { } role ? role
                    : TextMembers.IsResult(facts.Type) ? ContentRole.Tool
                    : span.Role,
                Channel =
                    whole || span.Channel == 0 ? 0
                    : facts.Index == 0 && !facts.Thought ? span.Channel
                    : HashCode.Combine(span.Channel, facts.Index, facts.Thought) | 1,
            };
            _spans[i] = span;
        }
    }

    private static string Name(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    private static int ChannelOf(string name) => string.GetHashCode(name, StringComparison.Ordinal) | 1;

    /// <summary>What an object says of itself.</summary>
    private struct ObjectFacts
    {
        public ContentRole? Role;
        public string? Type;
        public bool Thought;
        public int Index;
    }

    /// <summary>Where a value stands.</summary>
    private readonly record struct Place
    {
        public Place() { }

        public string Name { get; init; } = "";

        public ContentRole Role { get; init; }

        public ContentParts Part { get; init; } = ContentParts.Text;

        /// <summary>An object of a tool's own words, in which every string and number is text, whatever its name.</summary>
        public bool Opaque { get; init; }

        public bool IsRoot { get; init; } = true;

        public Place At(string name, bool isObject)
        {
            if (Opaque)
            {
                return this with { Name = name, IsRoot = false };
            }

            var (part, opaque) = isObject ? TextMembers.OfToolObject(name, Name) : (null, false);
            return this with
            {
                Name = name,
                IsRoot = false,
                Opaque = opaque,
                Part = part ?? TextMembers.PartOf(name) ?? Part,
                Role = Role == ContentRole.Unsaid && TextMembers.IsInstruction(name) ? ContentRole.System : Role,
            };
        }
    }
}
