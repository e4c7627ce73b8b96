using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Wires.Json;

namespace Sluice.Wires.Gemini;

/// <summary>Arguments of a call as Vertex AI streams them: pieces of values, each with the path at which it stands.</summary>
internal sealed class PartialArguments
{
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
            parent =
                Child(parent, steps[i]) ?? Put(parent, steps[i], IndexOf(steps[i + 1]) is not null ? new JsonArray() : new JsonObject());
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

    /// <summary>The members and positions of a path such as <c>$.stops[0].name</c> or <c>$['stops'][0]</c>.</summary>
    private static List<string> Steps(string path) =>
        [.. path.TrimStart('$').Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries).Select(s => s.Trim('\'', '"'))];

    /// <summary>A position in a list; <see langword="null"/> for a member's name.</summary>
    private static int? IndexOf(string step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static JsonNode? Child(JsonNode parent, string step) =>
        parent switch
        {
            JsonArray list when IndexOf(step) is { } index => index < list.Count ? list[index] : null,
            JsonObject fields => fields[step],
            _ => null,
        };

    private static JsonNode Put(JsonNode parent, string step, JsonNode value)
    {
        switch (parent)
        {
            case JsonArray list when IndexOf(step) is { } index && index <= list.Count:
                if (index == list.Count)
                {
                    list.Add(value);
                }
                else
                {
                    list[index] = value;
                }

                break;
            case JsonObject fields:
                fields[step] = value;
                break;
        }

        return value;
    }
}
