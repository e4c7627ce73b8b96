using System.Globalization;
using System.Text.Json;
using Sluice.Money;

namespace Sluice.Catalog;

/// <summary>Reads the data files that ship inside the library.</summary>
internal static class CatalogData
{
    private static readonly JsonDocumentOptions Commented = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>The dialects of <c>data/providers.jsonc</c>, by preset.</summary>
    public static IReadOnlyDictionary<string, Dialect> Dialects()
    {
        using var document = Open("data/providers.jsonc");
        var rows = document
            .RootElement.GetProperty("providers")
            .EnumerateObject()
            .Select(row => (row.Value, Dialect: DeviationReader.Add(ReadDialect(row.Name, row.Value), row.Value)))
            .ToList();
        // Behind the address of a row that says nothing of usage may stand any vendor: it is read by what any of them says.
        var any = rows.ToLookup(r => r.Dialect.Wire, r => r.Dialect.Usage);
        return rows.ToDictionary(
            row => row.Dialect.Name,
            row =>
                row.Value.TryGetProperty("usage", out _)
                    ? row.Dialect
                    : row.Dialect with
                    {
                        Usage = UsageMembers.Any(any[row.Dialect.Wire]),
                    }
        );
    }

    /// <summary>The cards of <c>data/models.jsonc</c>.</summary>
    public static IReadOnlyList<ModelCard> Models()
    {
        using var document = Open("data/models.jsonc");
        var cards = new List<ModelCard>();
        foreach (var provider in document.RootElement.GetProperty("models").EnumerateObject())
        {
            var checkedOn = DateOnly.Parse(provider.Value.GetProperty("checked").GetString()!, CultureInfo.InvariantCulture);
            cards.AddRange(provider.Value.GetProperty("rows").EnumerateArray().Select(row => ReadCard(provider.Name, checkedOn, row)));
        }

        return cards;
    }

    /// <summary>The text of a shipped file, or <see langword="null"/>.</summary>
    public static string? Text(string name)
    {
        using var stream = typeof(CatalogData).Assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static JsonDocument Open(string name)
    {
        using var stream =
            typeof(CatalogData).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded");
        return JsonDocument.Parse(stream, Commented);
    }

    private static Dialect ReadDialect(string name, JsonElement row) =>
        new()
        {
            Name = name,
            Wire =
                WireName.Parse(row.GetProperty("wire").GetString()!)
                ?? throw new InvalidDataException($"providers.jsonc: {name}: unknown wire '{row.GetProperty("wire")}'"),
            Aliases = Texts(row, "aliases"),
            Models = row.TryGetProperty("models", out var models) ? models.GetString()! : name,
            BaseUrl = row.GetProperty("baseUrl").GetString()!,
            Path = row.GetProperty("path").GetString()!,
            StreamPath = row.TryGetProperty("streamPath", out var streamPath) ? streamPath.GetString() : null,
            EmbeddingsPath = row.TryGetProperty("embeddingsPath", out var embeddings) ? embeddings.GetString() : null,
            CountTokensPath = row.TryGetProperty("countTokensPath", out var countTokens) ? countTokens.GetString() : null,
            Auth =
                AuthName.Parse(row.GetProperty("auth").GetString()!)
                ?? throw new InvalidDataException($"providers.jsonc: {name}: unknown auth '{row.GetProperty("auth")}'"),
            Login = row.TryGetProperty("login", out var login)
                ? LoginName.Parse(login.GetString()!) ?? throw new InvalidDataException($"providers.jsonc: {name}: unknown login '{login}'")
                : LoginKind.None,
            KeyVariables = Texts(row, "keys"),
            Variables = row.TryGetProperty("variables", out var variables)
                ? variables.EnumerateObject().ToDictionary(v => v.Name, v => ReadVariable(v.Value))
                : new Dictionary<string, AddressVariable>(),
            Headers = Map(row, "headers"),
            SessionHeader = row.TryGetProperty("sessionHeader", out var session) ? session.GetString() : null,
            Inserts = row.TryGetProperty("inserts", out var inserts)
                ? inserts.EnumerateObject().ToDictionary(i => i.Name, i => i.Value.GetRawText())
                : new Dictionary<string, string>(),
            OutputLimit = row.GetProperty("outputLimit").GetString()!,
            StreamUsage = row.GetProperty("streamUsage").GetString() switch
            {
                "always" => StreamUsage.Always,
                "never" => StreamUsage.Never,
                _ => StreamUsage.OnRequest,
            },
            Renames = Map(row, "renames"),
            Drops = Texts(row, "drops"),
            AiGateway = row.TryGetProperty("aiGateway", out var segment) ? segment.GetString() : null,
            Removes = Texts(row, "removes"),
            HeaderMembers = Map(row, "headerMembers"),
            Local = row.TryGetProperty("local", out var local) && local.GetBoolean(),
            Checked = DateOnly.Parse(row.GetProperty("checked").GetString()!, CultureInfo.InvariantCulture),
            Source = row.GetProperty("source").GetString()!,
        };

    private static AddressVariable ReadVariable(JsonElement variable) =>
        new(
            Texts(variable, "environment"),
            variable.TryGetProperty("default", out var value) ? value.GetString() : null,
            Map(variable, "baseUrls")
        );

    private static ModelCard ReadCard(string provider, DateOnly checkedOn, JsonElement row)
    {
        var features = Texts(row, "features");
        var card = new ModelCard
        {
            Provider = provider,
            Id = row.GetProperty("id").GetString()!,
            ContextWindow = row.GetProperty("contextWindow").GetInt32(),
            MaxOutput = row.GetProperty("maxOutput").GetInt32(),
            Price = ReadPrice(row.GetProperty("price")),
            Schedule = row.TryGetProperty("schedule", out var schedule) ? [.. schedule.EnumerateArray().Select(ReadScheduled)] : [],
            PriceChecked = checkedOn,
            Tools = features.Contains("tools"),
            Vision = features.Contains("vision"),
            Reasoning = features.Contains("reasoning"),
            Lacks = FeatureTable.Parse(Texts(row, "lacks")),
            Drops = Texts(row, "drops"),
            Thinking = row.TryGetProperty("thinking", out var thinking)
                ? Enum.Parse<ThinkingStyle>(thinking.GetString()!, ignoreCase: true)
                : ThinkingStyle.Any,
            Embedding = row.TryGetProperty("embedding", out var embedding)
                ? new EmbeddingSpace(embedding.GetProperty("identity").GetString()!, embedding.GetProperty("dimensions").GetInt32())
                : null,
            Retires = row.TryGetProperty("retires", out var retires)
                ? DateOnly.ParseExact(retires.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture)
                : null,
            BilledElsewhere = row.TryGetProperty("billedElsewhere", out var elsewhere) && elsewhere.GetBoolean(),
            Lifecycle = row.TryGetProperty("lifecycle", out var lifecycle)
                ? Enum.Parse<ModelLifecycle>(lifecycle.GetString()!, ignoreCase: true)
                : ModelLifecycle.Current,
        };
        return row.TryGetProperty("imageTokens", out var tokens) ? card with { ImageTokens = tokens.GetInt32() } : card;
    }

    private static ScheduledPrice ReadScheduled(JsonElement row) =>
        new(
            row.TryGetProperty("from", out var from) ? DateOnly.Parse(from.GetString()!, CultureInfo.InvariantCulture) : null,
            row.TryGetProperty("hours", out var hours) ? ReadHours(hours.GetString()!) : null,
            ReadPrice(row.GetProperty("price"))
        );

    private static DailyHours ReadHours(string hours)
    {
        var bounds = hours.Split('-');
        return new DailyHours(
            TimeOnly.ParseExact(bounds[0], "HH:mm", CultureInfo.InvariantCulture),
            TimeOnly.ParseExact(bounds[1], "HH:mm", CultureInfo.InvariantCulture)
        );
    }

    private static Price ReadPrice(JsonElement price) =>
        new()
        {
            Input = Money(price, "input")!.Value,
            Output = Money(price, "output")!.Value,
            CacheRead = Money(price, "cacheRead"),
            InputAudio = Money(price, "inputAudio"),
            OutputAudio = Money(price, "outputAudio"),
            CacheReadAudio = Money(price, "cacheReadAudio"),
            InputImage = Money(price, "inputImage"),
            CacheReadImage = Money(price, "cacheReadImage"),
            OutputImage = Money(price, "outputImage"),
            CacheWrite = Money(price, "cacheWrite"),
            CacheWrite1h = Money(price, "cacheWrite1h"),
            WebSearchPerThousand = Money(price, "webSearchPerThousand"),
            PerRequest = Money(price, "perRequest"),
            Tiers = price.TryGetProperty("tiers", out var tiers)
                ? [.. tiers.EnumerateArray().Select(t => new PriceTier(t.GetProperty("above").GetInt64(), ReadPrice(t)))]
                : [],
        };

    private static decimal? Money(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? decimal.Parse(value.GetString()!, CultureInfo.InvariantCulture) : null;

    private static IReadOnlyList<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(t => t.GetString()!)] : [];

    private static Dictionary<string, string> Map(JsonElement element, string name) =>
        element.TryGetProperty(name, out var map) ? map.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString()!) : [];
}
