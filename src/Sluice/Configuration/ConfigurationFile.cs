using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Catalog;

namespace Sluice.Configuration;

/// <summary>Reads a configuration with everything it extends, merged into one object.</summary>
/// <remarks>Objects merge by key, arrays replace, <c>null</c> removes. What a file lists under <c>fixed</c> its heirs may not change.</remarks>
internal static class ConfigurationFile
{
    private static readonly JsonDocumentOptions Commented = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>A shipped configuration, as <c>extends</c> may name it: its text, or <see langword="null"/>.</summary>
    public static string? Shipped(string name) => CatalogData.Text($"contracts/{name}");

    /// <param name="path">The file.</param>
    /// <param name="files">Reads every file, and knows afterwards which.</param>
    /// <exception cref="ConfigurationException">A file cannot be read, is not JSON, or overrides what is fixed.</exception>
    public static JsonObject Read(string path, FilesRead files) => Finished(Read(path, files, []));

    /// <summary>Merges a text that is in no file.</summary>
    /// <inheritdoc cref="Read(string, FilesRead)" path="/exception"/>
    public static JsonObject ReadText(string text, string directory, FilesRead files) =>
        Finished(Merge(Parse(text, "(text)"), "(text)", directory, files, ["(text)"]));

    private static JsonObject Finished(Merging merging)
    {
        if (merging.Errors.Count > 0)
        {
            throw new ConfigurationException([.. merging.Errors.Distinct()]);
        }

        if (merging.Fixed.Select(f => f.Pointer).Distinct().ToArray() is { Length: > 0 } all)
        {
            merging.Value["fixed"] = new JsonArray([.. all.Select(p => (JsonNode)JsonValue.Create(p))]);
        }

        return merging.Value;
    }

    private static Merging Read(string path, FilesRead files, IReadOnlyList<string> chain)
    {
        if (chain.Contains(path))
        {
            throw Fail("extends", $"{path} extends itself, by way of {string.Join(" → ", chain)}", "break the circle");
        }

        string text;
        try
        {
            text = files.ReadText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Beside the file first, then the one that ships.
            text =
                chain.Count > 0 && Shipped(Path.GetFileName(path)) is { } shipped
                    ? shipped
                    : throw Fail("", $"the configuration {path} cannot be read", "check the path, or write one with `sluice init`");
        }

        return Merge(Parse(text, path), path, Path.GetDirectoryName(Path.GetFullPath(path))!, files, [.. chain, path]);
    }

    private static Merging Merge(JsonObject own, string path, string directory, FilesRead files, IReadOnlyList<string> chain)
    {
        var name = Path.GetFileName(path);
        var merging = new Merging();
        foreach (var parent in Texts(own["extends"], name, "extends"))
        {
            merging.Add(Read(Path.GetFullPath(Path.Combine(directory, parent)), files, chain), parent, name);
        }

        files.Layers.Add((name, own));
        merging.Add(own, name);
        var pointers = Texts(own["fixed"], name, "fixed");
        for (var i = 0; i < pointers.Count; i++)
        {
            merging.Fix(pointers[i], name, $"{name}: fixed[{i}]");
        }

        return merging;
    }

    private static JsonObject Parse(string text, string path)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Commented) as JsonObject
                ?? throw Fail("", $"{path} is not a JSON object", "begin with {");
        }
        catch (JsonException exception)
        {
            var place = exception.LineNumber is { } line ? $":{line + 1}:{exception.BytePositionInLine + 1}" : "";
            throw Fail("", $"{path}{place}: {FirstSentence(exception.Message)}", "");
        }
    }

    private static string FirstSentence(string message) => message.Split(" LineNumber", 2)[0].Split(" Path:", 2)[0];

    private static IReadOnlyList<string> Texts(JsonNode? node, string file, string name) =>
        node is null ? []
        : node is JsonArray array && array.All(i => i?.GetValueKind() == JsonValueKind.String)
            ? [.. array.Select(i => i!.GetValue<string>())]
        : throw Fail($"{file}: {name}", "not a list of texts", "write [\"…\"]");

    private static ConfigurationException Fail(string path, string problem, string cure) =>
        new([new ConfigurationError(path, problem, cure)]);
}
