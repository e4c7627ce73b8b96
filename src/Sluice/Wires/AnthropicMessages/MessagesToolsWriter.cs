using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Writes the tools of a Messages request and how they are to be chosen.</summary>
internal static class MessagesToolsWriter
{
    /// <summary>The names under which Anthropic runs a search and code itself, in the versions that need no beta.</summary>
    private static readonly Dictionary<ServerToolKind, (string Type, string Name)> Own = new()
    {
        [ServerToolKind.WebSearch] = ("web_search_20250305", "web_search"),
    };

    /// <summary>Whether there are words for it here.</summary>
    public static bool Says(ServerTool tool) => tool.Origin == WireKind.AnthropicMessages || Own.ContainsKey(tool.Kind);

    public static void Write(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        var native = request.ServerTools.Where(Says).ToList();
        foreach (var tool in request.ServerTools.Except(native))
        {
            losses.NoPlace(tool);
        }

        if (request.Tools.Count + native.Count > 0)
        {
            json.WriteStartArray("tools");
            foreach (var tool in request.Tools)
            {
                WriteTool(json, tool);
            }

            foreach (var tool in native)
            {
                WriteNative(json, tool);
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

    private static void WriteNative(Utf8JsonWriter json, ServerTool tool)
    {
        if (tool.Origin == WireKind.AnthropicMessages)
        {
            tool.Json.WriteTo(json);
            return;
        }

        var (type, name) = Own[tool.Kind];
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("name", name);
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

        CacheMark.Write(json, tool.Cache);
        json.WriteEndObject();
    }
}
