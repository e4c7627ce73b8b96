namespace Sluice.Boundary.Text;

/// <summary>A table while it is read: headers and dotted keys come back to it until the file ends.</summary>
internal sealed class TomlTable(int line, int depth)
{
    private const int MaximumDepth = 256;

    private readonly List<(string Name, int Line, Entry Entry)> order = [];
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>How a table came to be, which says who may add to it.</summary>
    private enum Origin
    {
        /// <summary>Named on the way to another.</summary>
        Path,
        Header,
        Dotted,
    }

    /// <summary>The table of that name, made where it is not there; of an array of tables the last.</summary>
    /// <param name="dotted">By a key with dots, rather than by a header.</param>
    public TomlTable Into(string name, int at, bool dotted)
    {
        if (!entries.TryGetValue(name, out var entry))
        {
            entry = Add(name, at, new Entry { Table = New(at), Origin = dotted ? Origin.Dotted : Origin.Path });
        }

        return entry switch
        {
            { Tables: { } tables } when !dotted => tables[^1],
            { Table: { } table } when !dotted || entry.Origin != Origin.Header => table,
            _ => throw Taken(name, at),
        };
    }

    /// <summary>By <c>[name]</c>, at most once.</summary>
    public TomlTable Open(string name, int at)
    {
        if (!entries.TryGetValue(name, out var entry))
        {
            return Add(name, at, new Entry { Table = New(at), Origin = Origin.Header }).Table!;
        }

        if (entry is not { Table: { } table, Origin: Origin.Path })
        {
            throw Taken(name, at);
        }

        entry.Origin = Origin.Header;
        return table;
    }

    /// <summary>By <c>[[name]]</c>: one more table of an array.</summary>
    public TomlTable Append(string name, int at)
    {
        if (!entries.TryGetValue(name, out var entry))
        {
            entry = Add(name, at, new Entry { Tables = [] });
        }

        var tables = entry.Tables ?? throw Taken(name, at);
        tables.Add(New(at));
        return tables[^1];
    }

    public void Set(string name, int at, JsonTree value)
    {
        if (entries.ContainsKey(name))
        {
            throw Taken(name, at);
        }

        Add(name, at, new Entry { Value = value });
    }

    public JsonTree Tree() =>
        new(JsonKind.Object, line, members: [.. order.Select(e => new JsonMember(e.Name, e.Line, e.Entry.Tree(e.Line)))]);

    private TomlTable New(int at) =>
        depth < MaximumDepth
            ? new TomlTable(at, depth + 1)
            : throw new JsonTextException(at, $"line {at}: expected at most {MaximumDepth} levels");

    private Entry Add(string name, int at, Entry entry)
    {
        entries.Add(name, entry);
        order.Add((name, at, entry));
        return entry;
    }

    private static JsonTextException Taken(string name, int at) => new(at, $"line {at}: '{name}' is there already");

    private sealed class Entry
    {
        public TomlTable? Table { get; init; }

        public List<TomlTable>? Tables { get; init; }

        public JsonTree? Value { get; init; }

        public Origin Origin { get; set; }

        public JsonTree Tree(int line) =>
            Value ?? Table?.Tree() ?? new JsonTree(JsonKind.Array, line, items: [.. (Tables ?? []).Select(t => t.Tree())]);
    }
}
