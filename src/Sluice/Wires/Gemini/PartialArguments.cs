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
                Child(parent, steps[i]) ?? Put(parent, steps[i], int.TryParse(steps[i + 1], CultureInfo.InvariantCulture, out _) ? new JsonArray() : new JsonObject());
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
        if (piece.Text("stringValue") is { } text)
        {
            return (true, JsonValue.Create(text));
        }

        if (piece.Decimal("numberValue") is { } number)
        {
            return (true, JsonValue.Create(number));
        }

        if (piece.Flag("boolValue") is { } flag)
        {
            return (true, JsonValue.Create(flag));
        }

        return (piece.TryGetProperty("nullValue", out _), null);
    }

    /// <summary>The members and positions of a path such as <c>$.stops[0].name</c> or <c>$['stops'][0]</c>.</summary>
    private static List<string> Steps(string path) =>
        [.. path.TrimStart('$').Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries).Select(s => s.Trim('\'', '"'))];

    private static JsonNode? Child(JsonNode parent, string step) =>
        parent switch
        {
            JsonArray list when int.TryParse(step, CultureInfo.InvariantCulture, out var index) => index >= 0 && index < list.Count ? list[index] : null,
            JsonObject fields => fields[step],
            _ => null,
        };

    private static JsonNode Put(JsonNode parent, string step, JsonNode value)
    {
        switch (parent)
        {
            case JsonArray list when int.TryParse(step, CultureInfo.InvariantCulture, out var index) && index >= 0 && index <= list.Count:
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
