using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Ledger;

namespace Sluice.Cli.Commands;

/// <summary>The fields of an entry as the ledger's commands show them, in one order.</summary>
internal static class EntryFields
{
    private static readonly (string Name, Func<LedgerEntry, JsonNode?> Value)[] All =
    [
        ("sequence", e => e.Sequence),
        ("at", e => e.Hold.At),
        ("settledAt", e => e.Settlement.At),
        ("call", e => e.Hold.Call),
        ("attempt", e => e.Hold.Attempt),
        ("key", e => e.Hold.Key),
        ("account", e => e.Hold.Account),
        ("tenant", e => e.Hold.Tenant),
        ("user", e => e.Hold.User),
        ("tags", e => e.Hold.Tags),
        ("role", e => e.Hold.Role),
        ("routeAsked", e => e.Hold.RouteAsked),
        ("route", e => e.Hold.Route),
        ("provider", e => e.Hold.Provider),
        ("model", e => e.Hold.Model),
        ("credential", e => e.Hold.Credential),
        ("why", e => e.Hold.Why),
        ("outcome", e => e.Settlement.Outcome.ToString()),
        ("failure", e => e.Settlement.Failure?.ToString()),
        ("status", e => e.Settlement.Status),
        ("inputTokens", e => e.Settlement.Usage.InputTokens),
        ("cacheReadTokens", e => e.Settlement.Usage.CacheReadTokens),
        ("cacheWriteTokens", e => e.Settlement.Usage.CacheWriteTokens),
        ("cacheWrite1hTokens", e => e.Settlement.Usage.CacheWrite1hTokens),
        ("outputTokens", e => e.Settlement.Usage.OutputTokens),
        ("reasoningTokens", e => e.Settlement.Usage.ReasoningTokens),
        ("inputAudioTokens", e => e.Settlement.Usage.InputAudioTokens),
        ("cacheReadAudioTokens", e => e.Settlement.Usage.CacheReadAudioTokens),
        ("outputAudioTokens", e => e.Settlement.Usage.OutputAudioTokens),
        ("inputImageTokens", e => e.Settlement.Usage.InputImageTokens),
        ("cacheReadImageTokens", e => e.Settlement.Usage.CacheReadImageTokens),
        ("outputImageTokens", e => e.Settlement.Usage.OutputImageTokens),
        ("webSearches", e => e.Settlement.Usage.WebSearchRequests),
        ("evidence", e => e.Settlement.Usage.Evidence.ToString()),
        ("reportedCost", e => e.Settlement.Usage.ReportedCost?.Dollars),
        ("hold", e => e.Hold.Amount.Dollars),
        ("cost", e => e.Settlement.Cost.Dollars),
        ("durationMs", e => e.Settlement.Duration.TotalMilliseconds),
        ("firstContentMs", e => e.Settlement.TimeToFirstContent?.TotalMilliseconds),
        ("hash", e => e.Hash),
    ];

    public static string CsvHead { get; } = string.Join(',', All.Select(f => f.Name));

    public static JsonObject Json(LedgerEntry entry) => new(All.Select(f => KeyValuePair.Create(f.Name, f.Value(entry))));

    public static string Csv(LedgerEntry entry) => string.Join(',', All.Select(f => CsvText.Cell(f.Value(entry))));
}

/// <summary>Cells of comma-separated values, after RFC 4180.</summary>
internal static class CsvText
{
    public static string Cell(JsonNode? value) =>
        value switch
        {
            null => "",
            JsonValue text when text.TryGetValue<string>(out var s) => Cell(s),
            JsonValue time when time.TryGetValue<DateTimeOffset>(out var t) => t.ToString("O", CultureInfo.InvariantCulture),
            _ => value.ToJsonString(),
        };

    /// <summary>A text; one that a spreadsheet would take for a formula is marked as text.</summary>
    public static string Cell(string text)
    {
        if (text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal))
        {
            text = "'" + text;
        }

        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
