using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Cli.Scenarios.Clients;
using Sluice.Configuration;

namespace Sluice.Cli.Scenarios.Files;

/// <summary>Reads a scenario file into the scenarios it stands for, one for each protocol and form.</summary>
internal static class ScenarioFile
{
    private static readonly JsonDocumentOptions Commented = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <param name="path">The file.</param>
    /// <param name="shown">What it is called towards the user.</param>
    /// <exception cref="ConfigurationException">Something is wrong with it; all of it is said.</exception>
    public static IReadOnlyList<Scenario> Read(string path, string shown)
    {
        var text = ReadText(path, shown);
        var raw = Parse(text, shown);
        var context = Context(path);
        var cells = Cells(new Section(raw, "", "root", context));
        return [.. cells.Select(cell => Read(raw, path, shown, cell, context.Errors))];
    }

    private static Scenario Read(JsonObject raw, string path, string shown, Cell cell, IReadOnlyList<ConfigurationError> known)
    {
        var context = Context(path);
        var filled = (JsonObject)Fill(raw, cell)!;
        var scenario = new ScenarioReader(new Section(filled, "", "root", context), cell, path, shown).Read();
        var errors = known.Union(context.Errors).Select(e => e with { Path = $"{shown}: {e.Path}" }).ToList();
        return errors.Count == 0 ? scenario : throw new ConfigurationException(errors);
    }

    private static ReadContext Context(string path) =>
        new(_ => null, File.ReadAllText, Path.GetDirectoryName(path)!) { Members = ScenarioMembers.All };

    private static List<Cell> Cells(Section root)
    {
        if (root.Child("for", "for") is not { } matrix)
        {
            return [new Cell("chat", "chat", null)];
        }

        var wires = matrix.Has("wire") ? matrix.TextOrTexts("wire") : ["chat"];
        var streams = matrix.Node("stream") switch
        {
            null => [null],
            JsonArray list when list.All(IsFlag) => [.. list.Select(s => (bool?)s!.GetValue<bool>())],
            var one when IsFlag(one) => [one.GetValue<bool>()],
            _ => Wrong(matrix),
        };
        return [.. wires.SelectMany(w => streams.Select(s => CellOf(matrix, w, s)))];
    }

    private static bool IsFlag(JsonNode? node) => node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    private static bool?[] Wrong(Section matrix)
    {
        matrix.Error("stream", $"{matrix.Node("stream")!.ToJsonString()} is neither true nor false", "write [true, false] for both");
        return [null];
    }

    private static Cell CellOf(Section matrix, string wire, bool? stream)
    {
        var (client, provider) = wire.Split('>', 2) is [var asks, var answers] ? (asks, answers) : (wire, wire);
        if (ScenarioClients.Find(client) is null)
        {
            matrix.Error("wire", $"'{client}' is no protocol of clients", $"known are {string.Join(", ", ScenarioClients.Names)}");
        }

        if (ScenarioClients.PresetOf(provider) is null)
        {
            matrix.Error("wire", $"'{provider}' is no wire of providers", $"known are {string.Join(", ", ScenarioClients.Wires)}");
        }

        return new Cell(client, provider, stream);
    }

    /// <summary>A copy in which <c>{preset}</c>, <c>{wire}</c> and <c>{protocol}</c> are filled in.</summary>
    private static JsonNode? Fill(JsonNode? node, Cell cell) =>
        node switch
        {
            JsonObject map => new JsonObject(map.Select(m => KeyValuePair.Create(m.Key, Fill(m.Value, cell)))),
            JsonArray list => new JsonArray([.. list.Select(item => Fill(item, cell))]),
            JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(
                value
                    .GetValue<string>()
                    .Replace("{preset}", ScenarioClients.PresetOf(cell.Wire), StringComparison.Ordinal)
                    .Replace("{wire}", cell.Wire, StringComparison.Ordinal)
                    .Replace("{protocol}", cell.Client, StringComparison.Ordinal)
            ),
            _ => node?.DeepClone(),
        };

    private static string ReadText(string path, string shown)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([new ConfigurationError(shown, "the scenario cannot be read", "check the path")]);
        }
    }

    private static JsonObject Parse(string text, string shown)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Commented) as JsonObject
                ?? throw new ConfigurationException([new ConfigurationError(shown, "not a JSON object", "begin with {")]);
        }
        catch (JsonException exception)
        {
            var place = $"{shown}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}";
            throw new ConfigurationException([new ConfigurationError(place, exception.Message.Split(" LineNumber", 2)[0], "")]);
        }
    }
}
