using System.Text.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Writes tools that OpenAI runs itself, from what other wires and the library say of them.</summary>
internal static class HostedTools
{
    /// <summary>Whether this wire has the tool, and knows all that it needs.</summary>
    public static bool Has(ServerTool tool) =>
        tool.Kind switch
        {
            ServerToolKind.WebSearch or ServerToolKind.CodeExecution or ServerToolKind.ImageGeneration => true,
            ServerToolKind.FileSearch => tool.Files.Count > 0,
            ServerToolKind.Mcp => tool.Server is not null,
            _ => false,
        };

    public static void Write(Utf8JsonWriter json, ServerTool tool)
    {
        json.WriteStartObject();
        switch (tool.Kind)
        {
            case ServerToolKind.CodeExecution:
                json.WriteString("type", "code_interpreter");
                json.WriteStartObject("container");
                json.WriteString("type", "auto");
                WriteList(json, "file_ids", tool.Files);
                json.WriteEndObject();
                break;
            case ServerToolKind.FileSearch:
                json.WriteString("type", "file_search");
                WriteList(json, "vector_store_ids", tool.Files);
                if (tool.MaxResults is { } most)
                {
                    json.WriteNumber("max_num_results", most);
                }

                break;
            case ServerToolKind.ImageGeneration:
                json.WriteString("type", "image_generation");
                break;
            case ServerToolKind.Mcp:
                WriteServer(json, tool.Server!);
                break;
            default:
                json.WriteString("type", "web_search");
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteServer(Utf8JsonWriter json, McpServer server)
    {
        json.WriteString("type", "mcp");
        json.WriteString("server_label", server.Name);
        json.WriteString(Uri.IsWellFormedUriString(server.Address, UriKind.Absolute) ? "server_url" : "connector_id", server.Address);
        if (server.Description is { } description)
        {
            json.WriteString("server_description", description);
        }

        if (server.Allowed is { } allowed)
        {
            WriteList(json, "allowed_tools", allowed, evenEmpty: true);
        }

        if (server.Headers.Count > 0)
        {
            json.WriteStartObject("headers");
            foreach (var (name, value) in server.Headers)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        WriteApproval(json, server.Approval);
    }

    private static void WriteApproval(Utf8JsonWriter json, McpApproval? approval)
    {
        if (approval is null)
        {
            return;
        }

        if (approval.Always is { } always)
        {
            json.WriteString("require_approval", always ? "always" : "never");
            return;
        }

        json.WriteStartObject("require_approval");
        WriteNames(json, "always", approval.AlwaysFor);
        WriteNames(json, "never", approval.NeverFor);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string name, IReadOnlyList<string> tools)
    {
        if (tools.Count > 0)
        {
            json.WriteStartObject(name);
            WriteList(json, "tool_names", tools);
            json.WriteEndObject();
        }
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values, bool evenEmpty = false)
    {
        if (values.Count == 0 && !evenEmpty)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
