using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Writes the tools of a Chat Completions request and how they are to be chosen.</summary>
internal static class ChatToolsWriter
{
    /// <summary>Whether there are words for it here: those of a vendor's row.</summary>
    public static bool Says(ServerTool tool) =>
        tool.Kind is ServerToolKind.WebSearch or ServerToolKind.CodeExecution or ServerToolKind.UrlContext;

    public static void Write(Utf8JsonWriter json, ChatRequest request, Target target, Losses losses)
    {
        var rules = Rules(request, target, losses).ToList();
        var alone = rules.Exists(r => r.Rule.Alone);
        if (alone && request.Tools.Count > 0)
        {
            losses.Add("tools", $"left out: {target.Name} takes no tools of the caller's beside its own");
        }

        var tools = alone ? [] : request.Tools;
        WriteTools(json, tools, rules);
        WriteMembers(json, rules);
        if (tools.Count > 0)
        {
            // With nothing to choose among, to say how is an error.
            WriteChoice(json, request, target, losses);
        }
    }

    /// <summary>The vendor's own tools that were asked for, each with how this target is asked for it.</summary>
    private static IEnumerable<(ServerTool Tool, ServerToolRule Rule)> Rules(ChatRequest request, Target target, Losses losses)
    {
        foreach (var tool in request.ServerTools)
        {
            if (ServerToolSupport.RuleOf(target, tool) is { } rule)
            {
                yield return (tool, rule);
            }
            else
            {
                losses.Add($"tools.{tool.Type}", $"left out: {target.Name} has no such tool of its own");
            }
        }
    }

    private static void WriteTools(Utf8JsonWriter json, IReadOnlyList<Tool> tools, List<(ServerTool Tool, ServerToolRule Rule)> rules)
    {
        var entries = rules.Where(r => r.Rule.Entry is not null).Select(r => r.Rule.Entry!).ToList();
        if (tools.Count + entries.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools");
        foreach (var tool in tools)
        {
            WriteTool(json, tool);
        }

        foreach (var entry in entries)
        {
            JsonNode.Parse(entry)!.WriteTo(json);
        }

        json.WriteEndArray();
    }

    private static void WriteTool(Utf8JsonWriter json, Tool tool)
    {
        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteStartObject("function");
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

        if (tool.Strict is { } strict)
        {
            json.WriteBoolean("strict", strict);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Members that ask for tools of the vendor's own: those the caller wrote himself as he wrote them.</summary>
    private static void WriteMembers(Utf8JsonWriter json, List<(ServerTool Tool, ServerToolRule Rule)> rules)
    {
        var members = new JsonObject();
        foreach (var (tool, rule) in rules.Where(r => r.Rule.Request is not null))
        {
            var request = JsonNode.Parse(rule.Request!)!.AsObject();
            if (tool.Origin == WireKind.OpenAiChat && request.ContainsKey(tool.Type))
            {
                request[tool.Type] = JsonNode.Parse(tool.Json.GetRawText());
            }

            Merge(members, request);
        }

        foreach (var (name, value) in members)
        {
            json.WritePropertyName(name);
            value!.WriteTo(json);
        }
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
        {
            switch (into[name], value)
            {
                case (JsonObject known, JsonObject more):
                    Merge(known, more);
                    break;
                case (JsonArray known, JsonArray more):
                    foreach (var item in more)
                    {
                        known.Add(item?.DeepClone());
                    }

                    break;
                default:
                    into[name] = value?.DeepClone();
                    break;
            }
        }
    }

    private static void WriteChoice(Utf8JsonWriter json, ChatRequest request, Target target, Losses losses)
    {
        switch (request.ToolChoice)
        {
            case { Kind: ToolChoiceKind.Named, Name: { } name }:
                if (!target.Can(Feature.ForcedTool))
                {
                    losses.Add("tool_choice", $"asked for, but {target.Name} does not always call the tool it must");
                }

                json.WriteStartObject("tool_choice");
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case { } choice:
                json.WriteString("tool_choice", choice.Kind.ToString().ToLowerInvariant());
                break;
        }

        if (request.ParallelTools is { } parallel)
        {
            json.WriteBoolean("parallel_tool_calls", parallel);
        }
    }
}
