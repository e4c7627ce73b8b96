using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>Calls of functions and their results. JSON is written the same whether a value is new or was loaded again.</summary>
internal static class FunctionProjection
{
    public static FunctionCallContent Write(ToolCallPart call)
    {
        try
        {
            return new FunctionCallContent(call.Id, call.Name, Members(call.Arguments));
        }
        catch (JsonException exception)
        {
            // The model's arguments are not an object: the caller's tool loop is told instead of guessing.
            return new FunctionCallContent(call.Id, call.Name)
            {
                Exception = exception,
                RawRepresentation = call.Arguments,
                AdditionalProperties = new AdditionalPropertiesDictionary { [Properties.Arguments] = call.Arguments },
            };
        }
    }

    public static ToolCallPart Read(FunctionCallContent call) =>
        new(call.CallId, call.Name, call.AdditionalProperties.Text(Properties.Arguments) ?? JsonOf(call.Arguments));

    /// <summary>What the tool gave back comes first; the words of an exception are for who has nothing else.</summary>
    public static ToolResultPart Read(FunctionResultContent result, ICollection<string> unheld) =>
        new(
            result.CallId,
            result.Result is null && result.Exception is { } exception
                ? [new TextPart(exception.Message)]
                : ContentOf(result.Result, unheld),
            result.IsError
        );

    /// <summary>The members of an object; some vendors write none as <c>null</c>.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static Dictionary<string, object?> Members(string json)
    {
        if (json.Length == 0)
        {
            return [];
        }

        var arguments = JsonElement.Parse(json);
        return arguments.ValueKind is JsonValueKind.Object or JsonValueKind.Null
            ? Members(arguments)
            : throw new JsonException("the arguments are no object");
    }

    public static Dictionary<string, object?> Members(JsonElement value)
    {
        var members = new Dictionary<string, object?>();
        foreach (var member in value.Members())
        {
            members[member.Name] = member.Value.Clone();
        }

        return members;
    }

    private static List<Part> ContentOf(object? result, ICollection<string> unheld) =>
        result switch
        {
            AIContent content => TurnProjection.Parts([content], Role.User, unheld),
            IEnumerable<AIContent> contents => TurnProjection.Parts(contents, Role.User, unheld),
            JsonElement { ValueKind: JsonValueKind.Array or JsonValueKind.Object } stored when Loaded(stored) is { } contents =>
                TurnProjection.Parts(contents, Role.User, unheld),
            _ => [new TextPart(TextOf(result))],
        };

    /// <summary>Contents that a tool gave back and that were stored: each says its type.</summary>
    private static IList<AIContent>? Loaded(JsonElement stored)
    {
        var items = stored.ValueKind == JsonValueKind.Array ? stored.EnumerateArray().ToList() : [stored];
        return items.Count > 0 && items.TrueForAll(i => i.Text("$type") is not null)
            ? [.. items.Select(i => (AIContent)i.Deserialize(AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent)))!)]
            : null;
    }

    private static string TextOf(object? result) =>
        result switch
        {
            string text => text,
            JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
            _ => JsonOf(result),
        };

    /// <summary>Values are serialized as Microsoft.Extensions.AI itself serializes them, without its line breaks.</summary>
    private static string JsonOf(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            Write(json, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string JsonOf(IDictionary<string, object?>? arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            json.WriteStartObject();
            foreach (var (name, value) in arguments ?? new Dictionary<string, object?>())
            {
                json.WritePropertyName(name);
                Write(json, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            default:
                JsonSerializer.Serialize(json, value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()));
                break;
        }
    }
}
