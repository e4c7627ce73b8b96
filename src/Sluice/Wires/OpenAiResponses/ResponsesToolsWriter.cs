using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Writes the tools of a Responses request and how they are to be chosen.</summary>
internal static class ResponsesToolsWriter
{
    /// <summary>Whether there are words for it here.</summary>
    public static bool Says(ServerTool tool) => tool.Origin == WireKind.OpenAiResponses || MayAsk(tool);

    public static void Write(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        var native = request.ServerTools.Where(Says).ToList();
        foreach (var tool in request.ServerTools.Except(native))
        {
            losses.NoPlace(tool);
        }

        if (request.Tools.Count + native.Count == 0)
        {
            // With nothing to choose among, to say how is an error.
            return;
        }

        if (request.Tools.Any(t => t.Cache is not null))
        {
            losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }

        json.WriteStartArray("tools");
        foreach (var tool in request.Tools)
        {
            WriteTool(json, tool, request.Origin);
        }

        foreach (var tool in native)
        {
            WriteNative(json, tool);
        }

        json.WriteEndArray();
        WriteChoice(json, request.ToolChoice);
        if (request.ParallelTools is { } parallel)
        {
            json.WriteBoolean("parallel_tool_calls", parallel);
        }
    }

    /// <summary>A function is strict here unless it says otherwise; elsewhere it is the other way round.</summary>
    private static void WriteTool(Utf8JsonWriter json, Tool tool, WireKind? origin)
    {
        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteString("name", tool.Name);
        if (tool.Description is { } description)
        {
            json.WriteString("description", description);
        }

        if (tool.Schema is { } schema)
        {
            json.WritePropertyName("parameters");
            schema.WriteTo(json);
        }
        else
        {
            json.WriteStartObject("parameters");
            json.WriteString("type", "object");
            json.WriteStartObject("properties");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        var strict = origin == WireKind.OpenAiResponses ? tool.Strict : tool.Strict ?? false;
        if (strict is { } said)
        {
            json.WriteBoolean("strict", said);
        }

        json.WriteEndObject();
    }

    private static void WriteNative(Utf8JsonWriter json, ServerTool tool)
    {
        if (tool.Origin == WireKind.OpenAiResponses)
        {
            tool.Json.WriteTo(json);
            return;
        }

        HostedTools.Write(json, tool);
    }

    /// <summary>A search is the same everywhere; what else another wire asked for had settings of its own.</summary>
    private static bool MayAsk(ServerTool tool) => HostedTools.Has(tool) && (tool.Origin is null || tool.Kind == ServerToolKind.WebSearch);

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice? choice)
    {
        switch (choice)
        {
            case { Kind: ToolChoiceKind.Named, Name: { } name }:
                json.WriteStartObject("tool_choice");
                json.WriteString("type", "function");
                json.WriteString("name", name);
                json.WriteEndObject();
                break;
            case { } chosen:
                json.WriteString("tool_choice", chosen.Kind.ToString().ToLowerInvariant());
                break;
        }
    }
}
