using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Wires.Json;

namespace Sluice.Client;

/// <summary>Blocks of Anthropic's own tools as contents.</summary>
internal static class MessagesBlocks
{
    public static AIContent Show(string type, JsonElement block) =>
        type switch
        {
            "server_tool_use" => Use(block.Text("id") ?? "", block.Text("name") ?? "", block.Get("input") ?? default),
            "mcp_tool_use" => new McpServerToolCallContent(block.Text("id") ?? "", block.Text("name") ?? "", block.Text("server_name"))
            {
                Arguments = FunctionProjection.Members(block.Get("input") ?? default),
            },
            "mcp_tool_result" => new McpServerToolResultContent(IdOf(block)) { Outputs = Texts(block) },
            "web_search_tool_result" => new WebSearchToolResultContent(IdOf(block)) { Outputs = Pages(block) },
            _ when type.EndsWith("code_execution_tool_result", StringComparison.Ordinal) => new CodeInterpreterToolResultContent(
                IdOf(block)
            )
            {
                Outputs = [.. Outputs(block.Get("content") ?? default)],
            },
            _ when block.Text("tool_use_id") is { } id => new ToolResultContent(id),
            _ => new AIContent(),
        };

    private static ToolCallContent Use(string id, string name, JsonElement input) =>
        name switch
        {
            "web_search" => new WebSearchToolCallContent(id) { Queries = input.Text("query") is { } query ? [query] : [] },
            _ when name.EndsWith("code_execution", StringComparison.Ordinal) => new CodeInterpreterToolCallContent(id)
            {
                Inputs = (input.Text("code") ?? input.Text("command")) is { } code ? [Code(code, input.Get("code") is not null)] : [],
            },
            _ => new ToolCallContent(id),
        };

    private static DataContent Code(string code, bool python) =>
        new(Encoding.UTF8.GetBytes(code), python ? "text/x-python" : "text/x-shellscript");

    private static string IdOf(JsonElement block) => block.Text("tool_use_id") ?? "";

    private static List<AIContent> Texts(JsonElement block) =>
        [.. block.Items("content").Select(c => c.Text("text")).OfType<string>().Select(t => new TextContent(t))];

    private static List<AIContent> Pages(JsonElement block) =>
        block.Get("content")?.Text("error_code") is { } error
            ? [new ErrorContent(error) { ErrorCode = error }]
            :
            [
                .. block
                    .Items("content")
                    .Select(r => Uri.TryCreate(r.Text("url"), UriKind.Absolute, out var url) ? new UriContent(url, "text/html") : null)
                    .OfType<UriContent>(),
            ];

    private static IEnumerable<AIContent> Outputs(JsonElement result)
    {
        if (result.Text("stdout") is { Length: > 0 } said)
        {
            yield return new TextContent(said);
        }

        if ((result.Text("stderr") ?? result.Text("error_code")) is { Length: > 0 } error)
        {
            yield return new ErrorContent(error);
        }

        foreach (var file in result.Items("content").Select(c => c.Text("file_id")).OfType<string>())
        {
            yield return new HostedFileContent(file);
        }
    }
}
