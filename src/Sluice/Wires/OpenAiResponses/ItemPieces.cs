namespace Sluice.Wires.OpenAiResponses;

/// <summary>What has come of the items of a streamed answer, by their place in the output.</summary>
internal sealed class ItemPieces
{
    private readonly Dictionary<int, Item> _items = [];
    private int _highest = -1;
    private int _offset;

    /// <summary>Whether anything has come.</summary>
    public bool Any => _items.Count > 0;

    /// <summary>Where an item stands that an event names by its id alone.</summary>
    public int PlaceOf(string? id) => _items.FirstOrDefault(i => id is not null && i.Value.Id == id).Key;

    /// <summary>Notes an item.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="id">Its id, which some vendors change until its end.</param>
    /// <param name="isCall">Whether it is a call of one of the caller's tools.</param>
    /// <param name="added">Whether it begins: then another one at its place is an earlier answer's.</param>
    /// <returns>Whether it is a call that was not known.</returns>
    public bool Begin(int index, string? id, bool isCall, bool added)
    {
        if (!_items.TryGetValue(index, out var item) || (added && item.Id is not null && item.Id != id))
        {
            _items[index] = item = new Item { Id = id, Number = Number(index) };
        }

        var begins = isCall && !item.IsCall;
        item.IsCall |= isCall;
        return begins;
    }

    /// <summary>The number by which a call is known to its readers: its place, unless that was another's before.</summary>
    public int NumberOf(int index) => _items[index].Number;

    public bool IsCall(int index) => _items.TryGetValue(index, out var item) && item.IsCall;

    /// <summary>Whether an item has come in pieces.</summary>
    public bool Came(int index) => _items.TryGetValue(index, out var item) && item.Parts.Count > 0;

    /// <summary>Notes a piece of an item.</summary>
    /// <returns>Whether it is the first of its part.</returns>
    public bool Add(int index, long part, string kind)
    {
        if (!_items.TryGetValue(index, out var item))
        {
            _items[index] = item = new Item { Number = Number(index) };
        }

        return item.Parts.Add((part, kind));
    }

    /// <summary>
    /// The kind of a piece, <c>response.output_text</c> of <c>response.output_text.delta</c>; of an event that has all of it, also the
    /// member that does.
    /// </summary>
    public static (string Kind, string? Whole) KindOf(string type)
    {
        var kind = type[..Math.Max(type.LastIndexOf('.'), 0)];
        return !type.EndsWith(".done", StringComparison.Ordinal) ? (kind, null)
            : kind == "response.refusal" ? (kind, "refusal")
            : kind == "response.function_call_arguments" ? (kind, "arguments")
            : kind == "response.custom_tool_call_input" ? (kind, "input")
            : (kind, "text");
    }

    private int Number(int index)
    {
        if (_items.ContainsKey(index) && index + _offset <= _highest)
        {
            _offset = _highest + 1 - index;
        }

        _highest = Math.Max(_highest, index + _offset);
        return index + _offset;
    }

    private sealed class Item
    {
        public string? Id { get; init; }

        public required int Number { get; init; }

        public bool IsCall { get; set; }

        public HashSet<(long Part, string Kind)> Parts { get; } = [];
    }
}
