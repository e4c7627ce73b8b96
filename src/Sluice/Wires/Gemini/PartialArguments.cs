using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Wires.Json;

namespace Sluice.Wires.Gemini;

/// <summary>Arguments of a call as Vertex AI streams them: pieces of values, each with the path at which it stands.</summary>
internal sealed class PartialArguments
{
    /// <summary>No list is filled up further than this for one position.</summary>
    private const int MostPositions = 1024;

    private readonly JsonObject _root = [];

    public void Add(JsonElement piece)
    {
        if (piece.Text("jsonPath") is not { } path || ValueOf(piece) is not { Found: true } value)
        {
            return;
        }

        var steps = Steps(path);
        if (steps.Count == 0)
        {
            return;
        }

        JsonNode parent = _root;
        for (var i = 0; i < steps.Count - 1; i++)
        {
            parent = Child(parent, steps[i]) ?? Put(parent, steps[i], steps[i + 1] is int ? new JsonArray() : new JsonObject());
        }

        // A text may come in pieces.
        var before = Child(parent, steps[^1]);
        Put(
            parent,
            steps[^1],
            value.Value is JsonValue text && text.GetValueKind() == JsonValueKind.String && before?.GetValueKind() == JsonValueKind.String
                ? before.GetValue<string>() + text.GetValue<string>()
                : value.Value!
        );
    }

    public string ToJson() => _root.Count == 0 ? "" : _root.ToJsonString();

    private static (bool Found, JsonNode? Value) ValueOf(JsonElement piece)
    {
        JsonNode? value =
            piece.Text("stringValue") is { } text ? JsonValue.Create(text)
            : piece.Decimal("numberValue") is { } number ? JsonValue.Create(number)
            : piece.Flag("boolValue") is { } flag ? JsonValue.Create(flag)
            : null;
        return (value is not null || piece.TryGetProperty("nullValue", out _), value);
    }

    /// <summary>The members (text) and positions (numbers) of a path such as <c>$.stops[0].name</c> or <c>$['stops'][0]</c>.</summary>
    private static List<object> Steps(string path)
    {
        var steps = new List<object>();
        for (var rest = path.AsSpan().TrimStart('$'); !rest.IsEmpty; )
        {
            if (rest.StartsWith("['") || rest.StartsWith("[\""))
            {
                var end = rest[2..].IndexOf($"{rest[1]}]", StringComparison.Ordinal);
                end = end < 0 ? rest.Length - 2 : end;
                steps.Add(rest.Slice(2, end).ToString());
                rest = rest[Math.Min(rest.Length, end + 4)..];
            }
            else if (rest[0] == '[')
            {
                var end = rest.IndexOf(']');
                var inside = rest[1..(end < 0 ? rest.Length : end)];
                steps.Add(int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : inside.ToString());
                rest = end < 0 ? default : rest[(end + 1)..];
            }
            else
            {
                rest = rest.TrimStart('.');
                var end = rest.IndexOfAny('.', '[');
                steps.Add(rest[..(end < 0 ? rest.Length : end)].ToString());
                rest = end < 0 ? default : rest[end..];
            }
        }

        return steps;
    }

    private static JsonNode? Child(JsonNode parent, object step) =>
        (parent, step) switch
        {
            (JsonArray list, int index) => index < list.Count ? list[index] : null,
            (JsonObject fields, string name) => fields[name],
            _ => null,
        };

    private static JsonNode Put(JsonNode parent, object step, JsonNode value)
    {
        switch (parent, step)
        {
            case (JsonArray list, int index) when index < list.Count:
                list[index] = value;
                break;
            case (JsonArray list, int index):
                // Positions may come out of order; what is skipped is filled later.
                while (list.Count < index && list.Count < MostPositions)
                {
                    list.Add(null);
                }

                list.Add(value);
                break;
            case (JsonObject fields, string name):
                fields[name] = value;
                break;
        }

        return value;
    }
}
