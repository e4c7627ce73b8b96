using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Writes the tools of a Converse request and how they are to be chosen.</summary>
internal static class ConverseToolsWriter
{
    /// <summary>Whether there are words for it here.</summary>
    public static bool Says(ServerTool tool) => tool.Origin == WireKind.BedrockConverse;

    public static void Write(Utf8JsonWriter json, ChatRequest request, string model, StructuredAnswerKind structured, Losses losses)
    {
        var native = request.ServerTools.Where(Says).ToList();
        foreach (var tool in request.ServerTools.Except(native))
        {
            losses.NoPlace(tool);
        }

        var tools = ToolsOf(request, losses);
        var byTool = structured == StructuredAnswerKind.ByTool;
        if (tools.Count + native.Count == 0 && !byTool)
        {
            return;
        }

        json.WriteStartObject("toolConfig");
        json.WriteStartArray("tools");
        foreach (var tool in tools)
        {
            WriteTool(json, tool);
        }

        foreach (var tool in native)
        {
            tool.Json.WriteTo(json);
        }

        if (byTool)
        {
            WriteTool(json, new Tool(StructuredAnswer.Tool, "Give the answer by calling this.", request.Format!.Schema, null));
            losses.Add("response_format", "had by a tool that the model must call: it has no mode for a schema");
        }

        json.WriteEndArray();
        WriteChoice(json, request, ChoiceOf(request, byTool, tools.Count), SingleCalls.Of(request, model), losses);
        json.WriteEndObject();
    }

    /// <summary>A conversation with calls in it needs tools: where none are offered any more, those that were called.</summary>
    private static IReadOnlyList<Tool> ToolsOf(ChatRequest request, Losses losses)
    {
        var called = request.Messages.SelectMany(m => m.Parts).OfType<ToolCallPart>().Select(c => c.Name).Distinct().ToList();
        if (request.Tools.Count > 0)
        {
            // No tool may be called is said by offering none, unless the conversation needs them.
            return request.ToolChoice?.Kind == ToolChoiceKind.None && called.Count == 0 ? [] : request.Tools;
        }

        if (called.Count > 0)
        {
            losses.Add("tools", "the tools of earlier turns were offered again: Converse wants them beside their calls");
        }

        return [.. called.Select(name => new Tool(name, null, null, null))];
    }

    private static ToolChoice? ChoiceOf(ChatRequest request, bool byTool, int offered) =>
        byTool
            ? offered == 0
                ? new ToolChoice(ToolChoiceKind.Named, StructuredAnswer.Tool)
                : new ToolChoice(ToolChoiceKind.Required)
            : request.Tools.Count == 0
                ? null
                : request.ToolChoice;

    /// <param name="single">Whether one call at a time is asked for beside the protocol, and with it an automatic choice.</param>
    private static void WriteChoice(Utf8JsonWriter json, ChatRequest request, ToolChoice? choice, bool single, Losses losses)
    {
        if (!single && request is { ParallelTools: false, Tools.Count: > 0 })
        {
            losses.NoPlace("parallel_tool_calls");
        }

        if (choice?.Kind == ToolChoiceKind.None)
        {
            losses.Add("tool_choice", "'none' was left out: Converse cannot forbid the tools it is offered");
            return;
        }

        if (choice is null || (single && choice.Kind == ToolChoiceKind.Auto))
        {
            return;
        }

        json.WriteStartObject("toolChoice");
        json.WriteStartObject(
            choice.Kind switch
            {
                ToolChoiceKind.Required => "any",
                ToolChoiceKind.Named => "tool",
                _ => "auto",
            }
        );
        if (choice.Name is { } name)
        {
            json.WriteString("name", name);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json, Tool tool)
    {
        json.WriteStartObject();
        json.WriteStartObject("toolSpec");
        json.WriteString("name", tool.Name);
        if (!string.IsNullOrEmpty(tool.Description))
        {
            json.WriteString("description", tool.Description);
        }

        json.WriteStartObject("inputSchema");
        json.WritePropertyName("json");
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

        json.WriteEndObject();
        if (tool.Strict is { } strict)
        {
            json.WriteBoolean("strict", strict);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        ConverseContentWriter.WriteCachePoint(json, tool.Cache);
    }
}
