using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Reads the tools of a Responses request and how they are to be chosen.</summary>
internal static class ResponsesToolsReader
{
    /// <summary>The functions; where only some are allowed, those.</summary>
    public static IEnumerable<Tool> Tools(JsonElement root)
    {
        var allowed = root.Get("tool_choice") is { } choice && choice.Text("type") == "allowed_tools" ? Allowed(choice) : null;
        return root.Items("tools").Where(IsFunction).Select(Read).Where(t => allowed?.Contains(t.Name) != false);
    }

    public static IEnumerable<ServerTool> ServerTools(JsonElement root) =>
        root.Items("tools")
            .Where(t => !IsFunction(t))
            .Select(t =>
            {
                var type = t.Text("type") ?? "";
                return new ServerTool(KindOf(type), type, t.Clone(), WireKind.OpenAiResponses);
            });

    public static ToolChoice? Choice(JsonElement? choice) =>
        choice switch
        {
            { ValueKind: JsonValueKind.String } text => Mode(text.GetString()),
            { ValueKind: JsonValueKind.Object } chosen => chosen.Text("type") switch
            {
                "function" => new ToolChoice(ToolChoiceKind.Named, chosen.Text("name")),
                "allowed_tools" => Mode(chosen.Text("mode")),
                _ => null,
            },
            _ => null,
        };

    /// <summary>Whether <see cref="Choice"/> says all of it; a choice of a tool that is no function it does not.</summary>
    public static bool IsHeld(JsonElement choice) => Choice(choice) is not null;

    private static bool IsFunction(JsonElement tool) => tool.Text("type") is null or "function";

    private static HashSet<string?> Allowed(JsonElement choice) => [.. choice.Items("tools").Select(t => t.Text("name"))];

    private static ToolChoice Mode(string? mode) =>
        new(
            mode switch
            {
                "none" => ToolChoiceKind.None,
                "required" => ToolChoiceKind.Required,
                _ => ToolChoiceKind.Auto,
            }
        );

    private static ServerToolKind KindOf(string type) =>
        type.StartsWith("web_search", StringComparison.Ordinal) ? ServerToolKind.WebSearch
        : type == "code_interpreter" ? ServerToolKind.CodeExecution
        : type == "file_search" ? ServerToolKind.FileSearch
        : type == "image_generation" ? ServerToolKind.ImageGeneration
        : type == "mcp" ? ServerToolKind.Mcp
        : ServerToolKind.Other;

    private static Tool Read(JsonElement tool) =>
        new(tool.Text("name") ?? "", tool.Text("description"), tool.Get("parameters")?.Clone(), tool.Flag("strict"));
}
