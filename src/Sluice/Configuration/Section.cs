using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Routing;

namespace Sluice.Configuration;

/// <summary>Reads one object of a configuration: each member once, every error noted, none thrown.</summary>
internal sealed class Section
{
    private readonly JsonObject _object;
    private readonly string _path;
    private readonly ReadContext _context;

    /// <param name="value">The object.</param>
    /// <param name="path">Where it stands; empty for the root.</param>
    /// <param name="kind">Which members it may have, by <see cref="ReadContext.Members"/>.</param>
    public Section(JsonObject value, string path, string kind, ReadContext context)
    {
        _object = value;
        _path = path;
        _context = context;
        var known = context.Members[kind].Select(m => m.Name).ToList();
        foreach (var (name, _) in value)
        {
            if (!known.Contains(name))
            {
                var near = NearNames.Of(name, known);
                Error(
                    name,
                    $"unknown member '{name}'",
                    near.Count > 0 ? $"did you mean '{near[0]}'?" : $"known are {string.Join(", ", known)}"
                );
            }
        }
    }

    public string Path => _path;

    public bool Has(string name) => _object[name] is not null;

    public bool IsObject(string name) => _object[name] is JsonObject;

    public void Error(string name, string problem, string cure = "") => _context.Error(PathOf(name), problem, cure);

    public string PathOf(string name) => _path.Length == 0 || name.Length == 0 ? _path + name : $"{_path}.{name}";

    public JsonNode? Node(string name) => _object[name];

    public string? Text(string name)
    {
        if (_object[name] is not { } node)
        {
            return null;
        }

        if (node.GetValueKind() == JsonValueKind.String)
        {
            return node.GetValue<string>();
        }

        Error(name, $"{node.ToJsonString()} is not a text", "put it in quotes");
        return null;
    }

    /// <summary>A text that may be a reference.</summary>
    public string? Reference(string name) => Text(name) is { } text ? _context.Resolve(text, PathOf(name)) : null;

    /// <summary>A secret: a reference and nothing else, so that no key stands in a file.</summary>
    public string? Secret(string name) => Text(name) is { } text ? _context.ResolveSecret(text, PathOf(name)) : null;

    public IReadOnlyList<string> Texts(string name)
    {
        if (_object[name] is not { } node)
        {
            return [];
        }

        if (node is JsonArray array && array.All(item => item?.GetValueKind() == JsonValueKind.String))
        {
            return [.. array.Select(item => item!.GetValue<string>())];
        }

        Error(name, "not a list of texts", "write [\"…\", \"…\"]");
        return [];
    }

    /// <summary>A text, or a list of them.</summary>
    public IReadOnlyList<string> TextOrTexts(string name) =>
        _object[name]?.GetValueKind() == JsonValueKind.String ? [_object[name]!.GetValue<string>()] : Texts(name);

    /// <summary>A list of known words.</summary>
    public ImmutableArray<T> Choices<T>(string name)
        where T : struct, Enum
    {
        var choices = ImmutableArray.CreateBuilder<T>();
        foreach (var text in Texts(name))
        {
            if (!text.Any(char.IsAsciiDigit) && Enum.TryParse<T>(text, ignoreCase: true, out var value))
            {
                choices.Add(value);
            }
            else
            {
                var all = string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()));
                Error(name, $"'{text}' is not known", $"known are {all}");
            }
        }

        return choices.ToImmutable();
    }

    /// <summary>A part of a whole, from 0 to 1.</summary>
    public decimal? Part(string name) => _object[name] is { } node ? Part(node, name) : null;

    public IReadOnlyList<decimal> Parts(string name)
    {
        if (_object[name] is JsonArray list)
        {
            return [.. list.Select(item => Part(item, name)).OfType<decimal>()];
        }

        Error(name, "not a list of numbers", "write [0.8, 0.95]");
        return [];
    }

    private decimal? Part(JsonNode? node, string name)
    {
        if (node?.GetValueKind() == JsonValueKind.Number && node.GetValue<decimal>() is var part and > 0 and <= 1)
        {
            return part;
        }

        Error(name, $"{node?.ToJsonString() ?? "null"} is no part of a whole", "write a number above 0 and up to 1, such as 0.8");
        return null;
    }

    public bool Flag(string name, bool otherwise = false)
    {
        switch (_object[name]?.GetValueKind())
        {
            case null:
                return otherwise;
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                Error(name, $"{_object[name]!.ToJsonString()} is neither true nor false");
                return otherwise;
        }
    }

    public int? Count(string name, int least, int most)
    {
        if (_object[name] is not { } node)
        {
            return null;
        }

        if (node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out int number) && number >= least && number <= most)
        {
            return number;
        }

        Error(name, $"{node.ToJsonString()} is not a whole number from {least} to {most}");
        return null;
    }

    public TimeSpan? Duration(string name) => Parsed(name, Units.Duration, "a duration", "write a number and a unit: 250ms, 5s, 10m, 1h");

    public long? Bytes(string name) => Parsed(name, Units.Bytes, "a size", "write a number and a unit: 64KB, 32MB");

    /// <summary>A day, such as <c>2026-09-01</c>.</summary>
    public DateOnly? Date(string name) =>
        Parsed<DateOnly>(
            name,
            text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
            "a day",
            "write 2026-09-01"
        );

    /// <summary>Dollars, as a text or a number; never negative.</summary>
    public decimal? Money(string name)
    {
        if (_object[name] is not { } node)
        {
            return null;
        }

        var text = node.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
        text = text.EndsWith("USD", StringComparison.Ordinal) ? text[..^3].TrimEnd() : text;
        if (
            decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars)
            && dollars < 1_000_000_000m
        )
        {
            return dollars;
        }

        Error(name, $"{node.ToJsonString()} is not an amount of dollars", "write \"2.50\" or \"500 USD\"");
        return null;
    }

    public T? Choice<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (!text.Any(char.IsAsciiDigit) && Enum.TryParse<T>(text, ignoreCase: true, out var value))
        {
            return value;
        }

        var near = NearNames.Of(text, Enum.GetNames<T>().Select(n => n.ToLowerInvariant()));
        var all = string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()));
        Error(name, $"'{text}' is not known", near.Count > 0 ? $"did you mean '{near[0]}'?" : $"known are {all}");
        return null;
    }

    public Section? Child(string name, string kind)
    {
        if (_object[name] is not { } node)
        {
            return null;
        }

        if (node is JsonObject child)
        {
            return new Section(child, PathOf(name), kind, _context);
        }

        Error(name, $"{node.ToJsonString()} is not an object");
        return null;
    }

    /// <summary>An object that stands somewhere below this one.</summary>
    public Section Inner(JsonObject value, string path, string kind) => new(value, PathOf(path), kind, _context);

    /// <summary>The members of an object of objects, by name.</summary>
    public IEnumerable<(string Name, Section Value)> Children(string name, string kind)
    {
        if (_object[name] is not { } node)
        {
            yield break;
        }

        if (node is not JsonObject map)
        {
            Error(name, "not an object");
            yield break;
        }

        foreach (var (key, value) in map)
        {
            if (value is JsonObject child)
            {
                yield return (key, new Section(child, $"{PathOf(name)}.{key}", kind, _context));
            }
            else
            {
                _context.Error($"{PathOf(name)}.{key}", "not an object", "");
            }
        }
    }

    /// <summary>The elements of a list of objects.</summary>
    public IEnumerable<Section> Sections(string name, string kind)
    {
        foreach (var (value, path) in Items(name))
        {
            if (value is JsonObject child)
            {
                yield return new Section(child, path, kind, _context);
            }
            else
            {
                _context.Error(path, $"{value.ToJsonString()} is not an object", "write { … }");
            }
        }
    }

    /// <summary>The elements of a list, each with its path.</summary>
    public IEnumerable<(JsonNode Value, string Path)> Items(string name)
    {
        if (_object[name] is not { } node)
        {
            yield break;
        }

        if (node is not JsonArray array)
        {
            Error(name, "not a list", "write [ … ]");
            yield break;
        }

        for (var i = 0; i < array.Count; i++)
        {
            if (array[i] is { } item)
            {
                yield return (item, $"{PathOf(name)}[{i}]");
            }
        }
    }

    private T? Parsed<T>(string name, Func<string, T?> parse, string what, string cure)
        where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (parse(text) is { } value)
        {
            return value;
        }

        Error(name, $"'{text}' is not {what}", cure);
        return null;
    }
}
