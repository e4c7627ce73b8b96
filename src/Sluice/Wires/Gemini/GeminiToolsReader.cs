using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Reads the tools of a Gemini request and how they are to be chosen.</summary>
internal static class GeminiToolsReader
{
    private const string Declarations = "functionDeclarations";

    /// <summary>The functions that may be called. Where only some of them may, the others are not offered.</summary>
    public static IReadOnlyList<Tool> Offered(JsonElement root, JsonElement calling)
    {
        var tools = root.Items("tools").SelectMany(t => t.FieldItems(Declarations)).Select(Read).ToList();
        var allowed = Allowed(calling);
        return allowed.Count > 1 ? [.. tools.Where(t => allowed.Contains(t.Name))] : tools;
    }

    public static IReadOnlyList<ServerTool> ServerTools(JsonElement root) =>
        [
            .. root.Items("tools")
                .Where(t => t.ValueKind == JsonValueKind.Object)
                .SelectMany(t => t.Members())
                .Where(m => m.Value.ValueKind != JsonValueKind.Null && ProtoName.Camel(m.Name) != Declarations)
                .Select(m => ReadServerTool(ProtoName.Camel(m.Name), m.Value)),
        ];

    /// <summary>What else is declared of functions: the shape of their results, whether they block.</summary>
    public static IEnumerable<string> Unheld(JsonElement root) =>
        root.Items("tools")
            .SelectMany(t => t.FieldItems(Declarations))
            .Where(f => f.ValueKind == JsonValueKind.Object)
            .SelectMany(f => f.Members())
            .Where(m => m.Value.ValueKind != JsonValueKind.Null)
            .Select(m => ProtoName.Camel(m.Name))
            .Where(name => name is not ("name" or "description" or "parameters" or "parametersJsonSchema"))
            .Distinct()
            .Select(name => $"{Declarations}.{name}");

    public static ToolChoice? Choice(JsonElement calling) =>
        calling.FieldText("mode") switch
        {
            "ANY" => Allowed(calling) is [var name] ? new ToolChoice(ToolChoiceKind.Named, name) : new ToolChoice(ToolChoiceKind.Required),
            "NONE" => new ToolChoice(ToolChoiceKind.None),
            "AUTO" or "VALIDATED" => new ToolChoice(ToolChoiceKind.Auto),
            _ => null,
        };

    private static List<string> Allowed(JsonElement calling) =>
        [.. calling.FieldItems("allowedFunctionNames").Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!)];

    private static Tool Read(JsonElement function)
    {
        var schema =
            function.Field("parametersJsonSchema")?.Clone()
            ?? (function.Get("parameters") is { } subset ? GeminiSchema.ToJsonSchema(subset) : (JsonElement?)null);
        return new Tool(function.Text("name") ?? "", function.Text("description"), schema, null);
    }

    private static ServerTool ReadServerTool(string name, JsonElement tool) =>
        new(
            name switch
            {
                "googleSearch" or "googleSearchRetrieval" => ServerToolKind.WebSearch,
                "codeExecution" => ServerToolKind.CodeExecution,
                "urlContext" => ServerToolKind.UrlContext,
                _ => ServerToolKind.Other,
            },
            name,
            tool.Clone(),
            WireKind.Gemini
        );
}
