using System.Text.Json;

namespace Sluice.Catalog;

/// <summary>Reads what a row of <c>data/providers.jsonc</c> says of features, usage, reasoning, finish reasons and tools.</summary>
internal static class DeviationReader
{
    private static readonly (string Name, UsageFigure Figure)[] Figures =
    [
        ("at", UsageFigure.Whole),
        ("input", UsageFigure.Input),
        ("output", UsageFigure.Output),
        ("cacheRead", UsageFigure.CacheRead),
        ("cacheWrite", UsageFigure.CacheWrite),
        ("reasoning", UsageFigure.Reasoning),
        ("webSearches", UsageFigure.WebSearches),
        ("cost", UsageFigure.Cost),
    ];

    public static Dialect Add(Dialect dialect, JsonElement row)
    {
        if (row.TryGetProperty("features", out _))
        {
            var features = FeatureTable.Parse(Texts(row, "features"));
            var absent = dialect.Wire == WireKind.OpenAiChat ? FeatureTable.MembersWithout(features) : [];
            dialect = dialect with { Features = features, Drops = [.. absent.Union(dialect.Drops)] };
        }

        if (row.TryGetProperty("usage", out var usage))
        {
            dialect = dialect with { Usage = ReadUsage(usage) };
        }

        if (row.TryGetProperty("reasoning", out var reasoning))
        {
            dialect = dialect with { ReasoningText = [.. Texts(reasoning, "text")], ReasoningReturn = ReadReturn(reasoning) };
        }

        ServerToolRule[]? rules = row.TryGetProperty("serverTools", out var tools) ? [.. tools.EnumerateArray().Select(ReadRule)] : null;
        var ownTools = rules is null ? FeatureTable.ServerToolsOf(dialect.Wire) : FeatureTable.Parse(rules.Select(r => r.Tool));
        var streams = row.TryGetProperty("streams", out var says) && !says.GetBoolean() ? Feature.None : Feature.Stream;
        return dialect with
        {
            FinishReasons = row.TryGetProperty("finishReasons", out var reasons)
                ? reasons.EnumerateObject().ToDictionary(r => r.Name, r => r.Value.GetString()!)
                : dialect.FinishReasons,
            ServerTools = rules ?? [],
            Features = dialect.Features & ~Feature.SaidApart | ownTools | streams,
        };
    }

    private static UsageMembers ReadUsage(JsonElement usage) =>
        new(
            [.. Figures.SelectMany(f => Texts(usage, f.Name).Select(path => (f.Figure, path)))],
            usage.TryGetProperty("reasoningBeside", out var beside) && beside.GetBoolean()
        );

    private static ReasoningReturn ReadReturn(JsonElement reasoning) =>
        reasoning.TryGetProperty("return", out var back)
            ? Enum.Parse<ReasoningReturn>(back.GetString()!, ignoreCase: true)
            : ReasoningReturn.No;

    private static ServerToolRule ReadRule(JsonElement rule) =>
        new(
            rule.GetProperty("tool").GetString()!,
            rule.TryGetProperty("models", out var models) ? models.GetString()! : "*",
            rule.TryGetProperty("request", out var request) ? request.GetRawText() : null,
            rule.TryGetProperty("entry", out var entry) ? entry.GetRawText() : null,
            rule.TryGetProperty("alone", out var alone) && alone.GetBoolean()
        );

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(t => t.GetString()!) : [];
}
