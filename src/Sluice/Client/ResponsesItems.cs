using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Wires.Json;

namespace Sluice.Client;

/// <summary>Items of OpenAI's own tools as contents. One item may be both a call and its result.</summary>
internal static class ResponsesItems
{
    public static (AIContent Content, AIContent? Result) Show(string type, JsonElement item)
    {
        var id = item.Text("id") ?? "";
        return type switch
        {
            "web_search_call" => (new WebSearchToolCallContent(id) { Queries = Queries(item.Get("action") ?? default) }, Pages(id, item)),
            "file_search_call" => (new ToolCallContent(id), null),
            "code_interpreter_call" => (new CodeInterpreterToolCallContent(id) { Inputs = Code(item) }, Outputs(id, item)),
            "image_generation_call" => (new ImageGenerationToolCallContent(id), Image(id, item)),
            "mcp_call" => (Call(id, item), Result(id, item)),
            "mcp_approval_request" => (new ToolApprovalRequestContent(id, Call(id, item)), null),
            _ when type.EndsWith("_call", StringComparison.Ordinal) => (new ToolCallContent(item.Text("call_id") ?? id), null),
            _ => (new AIContent(), null),
        };
    }

    private static McpServerToolCallContent Call(string id, JsonElement item) =>
        new(id, item.Text("name") ?? "", item.Text("server_label"))
        {
            Arguments = FunctionProjection.Members(item.Text("arguments") ?? ""),
        };

    private static McpServerToolResultContent? Result(string id, JsonElement item)
    {
        AIContent? output =
            item.Text("output") is { } text ? new TextContent(text)
            : item.Get("error") is { } error ? new ErrorContent(error.ToString())
            : null;
        return output is null ? null : new McpServerToolResultContent(id) { Outputs = [output] };
    }

    private static List<string> Queries(JsonElement action) =>
        action.Texts("queries").ToList() is { Count: > 0 } all ? all
        : action.Text("query") is { } one ? [one]
        : [];

    private static WebSearchToolResultContent? Pages(string id, JsonElement item)
    {
        var pages = (item.Get("action") ?? default)
            .Items("sources")
            .Select(s => Uri.TryCreate(s.Text("url"), UriKind.Absolute, out var url) ? new UriContent(url, "text/html") : null)
            .OfType<UriContent>()
            .ToList();
        return pages.Count == 0 ? null : new WebSearchToolResultContent(id) { Outputs = [.. pages] };
    }

    private static List<AIContent> Code(JsonElement item) =>
        item.Text("code") is { } code ? [new DataContent(Encoding.UTF8.GetBytes(code), "text/x-python")] : [];

    private static CodeInterpreterToolResultContent? Outputs(string id, JsonElement item)
    {
        var outputs = item.Items("outputs")
            .Select(o =>
                o.Text("logs") is { } logs ? new TextContent(logs)
                : Uri.TryCreate(o.Text("url"), UriKind.Absolute, out var url) ? (AIContent)new UriContent(url, "image/*")
                : null
            )
            .OfType<AIContent>()
            .ToList();
        return outputs.Count == 0 ? null : new CodeInterpreterToolResultContent(id) { Outputs = outputs };
    }

    private static ImageGenerationToolResultContent? Image(string id, JsonElement item) =>
        item.Text("result") is { } data
            ? new ImageGenerationToolResultContent(id)
            {
                Outputs = [MediaProjection.Data(data, $"image/{item.Text("output_format") ?? "png"}")],
            }
            : null;
}
