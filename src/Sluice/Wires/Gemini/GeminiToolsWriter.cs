using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Writes the tools of a Gemini request and how they are to be chosen.</summary>
internal static class GeminiToolsWriter
{
    private static readonly Dictionary<ServerToolKind, string> Own = new()
    {
        [ServerToolKind.WebSearch] = "googleSearch",
        [ServerToolKind.CodeExecution] = "codeExecution",
        [ServerToolKind.UrlContext] = "urlContext",
    };

    /// <summary>Whether there are words for it here.</summary>
    public static bool Says(ServerTool tool) => tool.Origin == WireKind.Gemini || Own.ContainsKey(tool.Kind);

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
            WriteFunctions(json, request.Tools, losses);
            foreach (var tool in native)
            {
                WriteNative(json, tool, losses);
            }

            json.WriteEndArray();
        }

        if (request is { ParallelTools: false, Tools.Count: > 0 })
        {
            losses.NoPlace("parallel_tool_calls");
        }

        WriteConfig(json, request);
    }

    private static void WriteFunctions(Utf8JsonWriter json, IReadOnlyList<Tool> tools, Losses losses)
    {
        if (tools.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations");
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            if (tool.Description is { } description)
            {
                json.WriteString("description", description);
            }

            // An object without members is refused as a schema; a function without parameters has none.
            if (tool.Schema is { } schema && HasParameters(schema))
            {
                GeminiSchema.Write(json, schema, "parameters", "parametersJsonSchema", losses);
            }

            json.WriteEndObject();
            if (tool.Strict == true)
            {
                losses.NoPlace("strict");
            }

            if (tool.Cache is not null)
            {
                losses.Add("cache_control", "left out: this provider decides by itself what it caches");
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static bool HasParameters(JsonElement schema) =>
        schema.ValueKind != JsonValueKind.Object
        || schema.Text("type") != "object"
        || schema.Get("properties") is { ValueKind: JsonValueKind.Object } properties && properties.Members().Any()
        || schema.Get("additionalProperties") is { ValueKind: JsonValueKind.Object or JsonValueKind.True };

    private static void WriteNative(Utf8JsonWriter json, ServerTool tool, Losses losses)
    {
        json.WriteStartObject();
        if (tool.Origin == WireKind.Gemini)
        {
            json.WritePropertyName(tool.Type);
            tool.Json.WriteTo(json);
        }
        else
        {
            json.WriteStartObject(Own[tool.Kind]);
            json.WriteEndObject();
            if (tool.Json.Members().Any(m => m.Name is not ("type" or "name")) || tool.Files.Count > 0)
            {
                losses.Add($"tools.{tool.Type}", $"said as {Own[tool.Kind]}, without its settings");
            }
        }

        json.WriteEndObject();
    }

    private static void WriteConfig(Utf8JsonWriter json, ChatRequest request)
    {
        var choice = request.Tools.Count > 0 ? request.ToolChoice : null;
        var extensions = GeminiSettingsWriter.Extensions(request, "toolConfig.").ToList();
        if (choice is null && extensions.Count == 0)
        {
            return;
        }

        json.WriteStartObject("toolConfig");
        if (choice is not null)
        {
            json.WriteStartObject("functionCallingConfig");
            json.WriteString(
                "mode",
                choice.Kind switch
                {
                    ToolChoiceKind.Required or ToolChoiceKind.Named => "ANY",
                    ToolChoiceKind.None => "NONE",
                    _ => "AUTO",
                }
            );
            if (choice is { Kind: ToolChoiceKind.Named, Name: { } name })
            {
                json.WriteStartArray("allowedFunctionNames");
                json.WriteStringValue(name);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        foreach (var (name, value) in extensions)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
