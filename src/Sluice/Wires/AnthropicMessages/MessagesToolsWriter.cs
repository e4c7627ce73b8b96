using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Writes the tools of a Messages request and how they are to be chosen.</summary>
internal static class MessagesToolsWriter
{
    public static void Write(Utf8JsonWriter json, ChatRequest request)
    {
        var native =
            request.Origin == WireKind.AnthropicMessages
                ? request.Extensions.Where(e => e.Key.StartsWith("tools.", StringComparison.Ordinal)).ToList()
                : [];
        if (request.Tools.Count + native.Count > 0)
        {
            json.WriteStartArray("tools");
            foreach (var tool in request.Tools)
            {
                WriteTool(json, tool);
            }

            foreach (var (_, tool) in native)
            {
                tool.WriteTo(json);
            }

            json.WriteEndArray();
        }

        var choice =
            request.ToolChoice ?? (request.ParallelTools == false && request.Tools.Count > 0 ? new ToolChoice(ToolChoiceKind.Auto) : null);
        if (choice is null || request.Tools.Count == 0)
        {
            return;
        }

        json.WriteStartObject("tool_choice");
        json.WriteString(
            "type",
            choice.Kind switch
            {
                ToolChoiceKind.Required => "any",
                ToolChoiceKind.Named => "tool",
                ToolChoiceKind.None => "none",
                _ => "auto",
            }
        );
        if (choice.Name is { } name)
        {
            json.WriteString("name", name);
        }

        if (request.ParallelTools is { } parallel && choice.Kind != ToolChoiceKind.None)
        {
            json.WriteBoolean("disable_parallel_tool_use", !parallel);
        }

        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json, Tool tool)
    {
        json.WriteStartObject();
        json.WriteString("name", tool.Name);
        if (tool.Description is { } description)
        {
            json.WriteString("description", description);
        }

        json.WritePropertyName("input_schema");
        if (tool.Schema is { } schema)
        {
            schema.WriteTo(json);
        }
        else
        {
            json.WriteStartObject();
            json.WriteString("type", "object");
            json.WriteEndObject();
        }

        if (tool.Strict is { } strict)
        {
            json.WriteBoolean("strict", strict);
        }

        WriteMark(json, tool.Cache);
        json.WriteEndObject();
    }

    public static void WriteMark(Utf8JsonWriter json, CacheMark? mark)
    {
        if (mark is null)
        {
            return;
        }

        json.WriteStartObject("cache_control");
        json.WriteString("type", "ephemeral");
        if (mark.Ttl is { } ttl)
        {
            json.WriteString("ttl", ttl);
        }

        json.WriteEndObject();
    }
}
