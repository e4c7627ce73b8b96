using Microsoft.Extensions.AI;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>Tools of Microsoft.Extensions.AI as our records: functions that the caller runs, and tools that the provider runs itself.</summary>
internal static class ToolProjection
{
    /// <summary>By this name other chat clients ask for arguments that fit the schema exactly, and answers too.</summary>
    public const string Strict = "strictJsonSchema";

    public static Tool ReadFunction(AIFunctionDeclaration function) =>
        new(
            function.Name,
            function.Description,
            function.JsonSchema,
            function.AdditionalProperties.GetValueOrDefault(Strict) as bool?,
            function.AdditionalProperties.GetValueOrDefault(Properties.Cache) is string ttl ? MarkOf(ttl) : null
        );

    public static CacheMark MarkOf(string ttl) => new(ttl.Length == 0 ? null : ttl);

    /// <returns><see langword="null"/> for a tool of a kind that is not known.</returns>
    public static ServerTool? ReadHosted(AITool tool) =>
        tool switch
        {
            ProviderTool native => ReadNative(native),
            HostedWebSearchTool => Hosted(ServerToolKind.WebSearch, tool),
            HostedCodeInterpreterTool code => Hosted(ServerToolKind.CodeExecution, tool) with { Files = FilesOf(code.Inputs) },
            HostedFileSearchTool search => Hosted(ServerToolKind.FileSearch, tool) with
            {
                Files = [.. (search.Inputs ?? []).OfType<HostedVectorStoreContent>().Select(s => s.VectorStoreId)],
                MaxResults = search.MaximumResultCount,
            },
            HostedImageGenerationTool => Hosted(ServerToolKind.ImageGeneration, tool),
            HostedMcpServerTool server => Hosted(ServerToolKind.Mcp, tool) with { Server = ReadServer(server) },
            _ => null,
        };

    /// <summary>What is said of a tool and no record holds.</summary>
    public static IEnumerable<string> Unheld(AITool tool)
    {
        if (tool is AIFunctionDeclaration)
        {
            return [];
        }

        if (ReadHosted(tool) is not { } held)
        {
            return [$"tools.{tool.Name}"];
        }

        var inputs = tool switch
        {
            HostedCodeInterpreterTool code => code.Inputs,
            HostedFileSearchTool search => search.Inputs,
            _ => null,
        };
        return
        [
            .. tool.AdditionalProperties.Keys.Select(name => $"tools.{tool.Name}.{name}"),
            .. (inputs?.Count ?? 0) > held.Files.Count ? (IEnumerable<string>)[$"tools.{tool.Name}.inputs"] : [],
            .. tool is HostedImageGenerationTool { Options: not null } ? (IEnumerable<string>)[$"tools.{tool.Name}.options"] : [],
        ];
    }

    private static ServerTool Hosted(ServerToolKind kind, AITool tool) => new(kind, tool.Name, default, null);

    /// <summary>In Gemini's list a tool is a member of an object; elsewhere it says its type.</summary>
    private static ServerTool ReadNative(ProviderTool tool)
    {
        if (tool.Wire != WireKind.Gemini)
        {
            return new ServerTool(ServerToolKind.Other, tool.Definition.Text("type") ?? tool.Name, tool.Definition, tool.Wire);
        }

        var only = tool.Definition.Members().FirstOrDefault();
        return new ServerTool(ServerToolKind.Other, only.Name ?? tool.Name, only.Value, tool.Wire);
    }

    private static List<string> FilesOf(IEnumerable<AIContent>? inputs) =>
        [.. (inputs ?? []).OfType<HostedFileContent>().Select(f => f.FileId)];

    private static McpServer ReadServer(HostedMcpServerTool server) =>
        new(server.ServerName, server.ServerAddress, server.ServerDescription)
        {
            Allowed = server.AllowedTools is { } allowed ? [.. allowed] : null,
            Headers = new Dictionary<string, string>(server.Headers ?? new Dictionary<string, string>()),
            Approval = server.ApprovalMode switch
            {
                HostedMcpServerToolAlwaysRequireApprovalMode => new McpApproval(true),
                HostedMcpServerToolNeverRequireApprovalMode => new McpApproval(false),
                HostedMcpServerToolRequireSpecificApprovalMode some => new McpApproval(null)
                {
                    AlwaysFor = [.. some.AlwaysRequireApprovalToolNames ?? []],
                    NeverFor = [.. some.NeverRequireApprovalToolNames ?? []],
                },
                _ => null,
            },
        };
}
