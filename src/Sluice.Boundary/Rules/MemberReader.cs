using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Rules;

/// <summary>Reads the members of one object, remembers which were asked for, and notes what is wrong. Unknown members are errors.</summary>
internal sealed class MemberReader
{
    private readonly JsonTree tree;
    private readonly List<BoundaryError> errors;
    private readonly HashSet<string> known = ["$schema"];

    public MemberReader(JsonTree tree, string path, string file, List<BoundaryError> errors)
    {
        this.tree = tree;
        File = file;
        this.errors = errors;
        Path = path;
        if (tree.Kind != JsonKind.Object)
        {
            Wrong(tree, "", "must be an object, written { … }");
        }
    }

    public string File { get; }

    public string Path { get; }

    public int Line => tree.Line;

    public bool Has(string name) => tree[name] is not null;

    public string? Text(string name)
    {
        var value = Take(name);
        if (value is null)
        {
            return null;
        }

        if (value.Kind == JsonKind.Text && value.Text.Trim().Length > 0)
        {
            return value.Text;
        }

        Wrong(value, name, "must be a text that is not empty");
        return null;
    }

    public string Required(string name, string cure)
    {
        if (!Has(name))
        {
            known.Add(name);
            Wrong(tree, name, $"is missing; {cure}");
            return "";
        }

        return Text(name) ?? "";
    }

    public bool? Flag(string name)
    {
        var value = Take(name);
        if (value is null || value.Kind == JsonKind.Boolean)
        {
            return value is null ? null : value.Text == "true";
        }

        Wrong(value, name, $"'{Shown(value)}' must be true or false");
        return null;
    }

    /// <summary>A whole number above zero.</summary>
    public int? Number(string name)
    {
        var value = Take(name);
        if (value is null)
        {
            return null;
        }

        if (
            value.Kind == JsonKind.Number
            && int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
        )
        {
            return number;
        }

        Wrong(value, name, $"'{Shown(value)}' must be a whole number above zero");
        return null;
    }

    /// <summary>A list of texts; a single text stands for a list of one.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var value = Take(name);
        var texts = new List<string>();
        foreach (
            var item in value?.Kind == JsonKind.Array ? value.Items
            : value is null ? []
            : [value]
        )
        {
            if (item.Kind == JsonKind.Text && item.Text.Length > 0)
            {
                texts.Add(item.Text);
            }
            else
            {
                Wrong(item, name, $"'{Shown(item)}' must be a text that is not empty");
            }
        }

        return texts;
    }

    /// <summary>One of several words, whatever their case; the default where the member is absent.</summary>
    public T Word<T>(string name, T fallback, IReadOnlyDictionary<string, T> words)
    {
        var value = Take(name);
        if (value is null)
        {
            return fallback;
        }

        foreach (var word in words)
        {
            if (string.Equals(word.Key, value.Text, StringComparison.OrdinalIgnoreCase))
            {
                return word.Value;
            }
        }

        Wrong(value, name, $"'{Shown(value)}' is not known; use {string.Join(", ", words.Keys)}");
        return fallback;
    }

    public MemberReader? Object(string name) => Take(name) is { } value ? new MemberReader(value, Join(name), File, errors) : null;

    public IEnumerable<MemberReader> Objects(string name)
    {
        var value = Take(name);
        if (value is null)
        {
            yield break;
        }

        if (value.Kind != JsonKind.Array)
        {
            Wrong(value, name, "must be a list of objects, written [ { … } ]");
            yield break;
        }

        for (var i = 0; i < value.Items.Count; i++)
        {
            yield return new MemberReader(value.Items[i], $"{Join(name)}[{i}]", File, errors);
        }
    }

    /// <summary>Every member as an object of its own, by name.</summary>
    public IEnumerable<(string Name, MemberReader Reader)> Named()
    {
        foreach (var member in tree.Members.Where(m => known.Add(m.Name)))
        {
            yield return (member.Name, new MemberReader(member.Value, Join(member.Name), File, errors));
        }
    }

    /// <summary>A member that this reader understands as it is, if it is there.</summary>
    public JsonTree? Tree(string name) => Take(name);

    /// <summary>To be called last: what was not asked for is an error.</summary>
    public void Done()
    {
        foreach (var member in tree.Members.Where(m => !known.Contains(m.Name)))
        {
            var expected = string.Join(", ", known.Where(k => k != "$schema").OrderBy(k => k, StringComparer.Ordinal));
            errors.Add(new BoundaryError(File, member.Line, Join(member.Name), $"'{member.Name}' is not known here; use {expected}"));
        }
    }

    public void Wrong(string name, string message) => Wrong(tree[name] ?? tree, name, message);

    private JsonTree? Take(string name)
    {
        known.Add(name);
        return tree[name];
    }

    private void Wrong(JsonTree at, string name, string message) => errors.Add(new BoundaryError(File, at.Line, Join(name), message));

    private string Join(string name) =>
        name.Length == 0 ? Path
        : Path.Length == 0 ? name
        : $"{Path}.{name}";

    private static string Shown(JsonTree value) =>
        value.Kind is JsonKind.Object ? "{…}"
        : value.Kind is JsonKind.Array ? "[…]"
        : value.Text;
}
