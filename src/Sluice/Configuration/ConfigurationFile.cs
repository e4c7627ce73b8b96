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
    /// <param name="files">Receives every file that was read, for watching.</param>
    /// <exception cref="ConfigurationException">A file cannot be read, is not JSON, or overrides what is fixed.</exception>
    public static JsonObject Read(string path, ICollection<string> files) => Read(path, files, []);

    /// <summary>Merges a text that is in no file.</summary>
    public static JsonObject ReadText(string text, string directory) => Merge(Parse(text, "(text)"), "(text)", directory, [], ["(text)"]);

    private static JsonObject Read(string path, ICollection<string> files, IReadOnlyList<string> chain)
    {
        if (chain.Contains(path))
        {
            throw Fail("extends", $"{path} extends itself, by way of {string.Join(" → ", chain)}", "break the circle");
        }

        string text;
        try
        {
            text = File.ReadAllText(path);
            files.Add(path);
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

    private static JsonObject Merge(JsonObject own, string path, string directory, ICollection<string> files, IReadOnlyList<string> chain)
    {
        var merged = new JsonObject();
        var fixedPointers = new List<(string Pointer, string By)>();
        foreach (var parent in Texts(own["extends"], "extends"))
        {
            var inherited = Read(Path.Combine(directory, parent), files, chain);
            fixedPointers.AddRange(Texts(inherited["fixed"], "fixed").Select(p => (p, parent)));
            Overlay(merged, inherited);
        }

        var errors = fixedPointers
            .Where(p => Find(own, p.Pointer) is not null && !JsonNode.DeepEquals(Find(own, p.Pointer), Find(merged, p.Pointer)))
            .Select(p => new ConfigurationError(
                p.Pointer.TrimStart('/').Replace('/', '.'),
                $"{p.By} fixes this value and {Path.GetFileName(path)} overrides it",
                "remove it here, or change the contract"
            ))
            .ToList();
        if (errors.Count > 0)
        {
            throw new ConfigurationException(errors);
        }

        var inheritedFixed = Texts(merged["fixed"], "fixed");
        Overlay(merged, own);
        merged.Remove("extends");
        if (inheritedFixed.Concat(Texts(own["fixed"], "fixed")).Distinct().ToArray() is { Length: > 0 } all)
        {
            merged["fixed"] = new JsonArray([.. all.Select(p => (JsonNode)JsonValue.Create(p))]);
        }

        return merged;
    }

    private static void Overlay(JsonObject below, JsonObject above)
    {
        foreach (var (name, value) in above)
        {
            if (value is null)
            {
                below.Remove(name);
            }
            else if (value is JsonObject child && below[name] is JsonObject target)
            {
                Overlay(target, child);
            }
            else
            {
                below[name] = value.DeepClone();
            }
        }
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

    private static IReadOnlyList<string> Texts(JsonNode? node, string name) =>
        node is null ? []
        : node is JsonArray array && array.All(i => i?.GetValueKind() == JsonValueKind.String)
            ? [.. array.Select(i => i!.GetValue<string>())]
        : throw Fail(name, "not a list of texts", "write [\"…\"]");

    private static JsonNode? Find(JsonNode? node, string pointer)
    {
        foreach (var part in pointer.Split('/').Skip(1))
        {
            node = (node as JsonObject)?[part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        }

        return node;
    }

    private static ConfigurationException Fail(string path, string problem, string cure) =>
        new([new ConfigurationError(path, problem, cure)]);
}
