using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>Which of the tools that providers run themselves a target has, as far as its row and its card say it.</summary>
internal static class ServerToolSupport
{
    private static readonly (ServerToolKind Kind, Feature Feature, string Name)[] Known =
    [
        (ServerToolKind.WebSearch, Feature.WebSearch, "web_search"),
        (ServerToolKind.CodeExecution, Feature.CodeExecution, "code_execution"),
        (ServerToolKind.UrlContext, Feature.UrlContext, "url_context"),
        (ServerToolKind.FileSearch, Feature.FileSearch, "file_search"),
        (ServerToolKind.ImageGeneration, Feature.ImageGeneration, "image_generation"),
        (ServerToolKind.Mcp, Feature.RemoteMcp, "mcp"),
    ];

    /// <summary>Whether vendor and model have it. Of what only its own wire understands nobody has said that they have not.</summary>
    public static bool Has(Target target, ServerTool tool)
    {
        var (_, feature, name) = Array.Find(Known, k => k.Kind == tool.Kind);
        return name is null || target.Can(feature) && (target.Provider.Dialect.ServerTools.Count == 0 || RuleOf(target, tool) is not null);
    }

    /// <summary>How the vendor's row says that it is asked for; <see langword="null"/> where the row says nothing, or the card that it is lacking.</summary>
    public static ServerToolRule? RuleOf(Target target, ServerTool tool)
    {
        var (_, feature, name) = Array.Find(Known, k => k.Kind == tool.Kind);
        return name is null || !target.Can(feature)
            ? null
            : target.Provider.Dialect.ServerTools.FirstOrDefault(r => r.Tool == name && r.Fits(target.Model));
    }

    /// <summary>Whether the target has fewer of them than its wire has words for: most have all.</summary>
    public static bool IsLimited(Target target) =>
        target.Provider.Dialect.ServerTools.Count > 0 || !target.Can(FeatureTable.ServerToolsOf(target.Wire));

    /// <summary>The request without those that the wire has words for and the target has not.</summary>
    public static ChatRequest For(ChatRequest request, IWire wire, Target target, ICollection<Degradation> degradations)
    {
        if (request.ServerTools.Count == 0 || request.ServerTools.All(t => !wire.Says(t) || Has(target, t)))
        {
            return request;
        }

        foreach (var tool in request.ServerTools.Where(t => wire.Says(t) && !Has(target, t)))
        {
            degradations.Lose($"tools.{tool.Type}", $"left out: {target.Name} has no such tool of its own");
        }

        return request with
        {
            ServerTools = [.. request.ServerTools.Where(t => !wire.Says(t) || Has(target, t))],
        };
    }
}
