using System.Text.Json;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Tells the tool calls of one answer apart, of which pieces come in any order.</summary>
internal sealed class ChatToolCalls
{
    /// <summary>The calls under way by the vendor's index: some count all their calls as the first, and tell them apart by id.</summary>
    private readonly Dictionary<int, (int Number, string? Id)> _started = [];

    /// <summary>The call that was spoken of last.</summary>
    private int _last = int.MinValue;

    public int Count { get; private set; }

    /// <summary>A call without an id gets one; what is no call of a function, or names none, is left out.</summary>
    public void Read(JsonElement call, ICollection<AnswerEvent> events)
    {
        var function = call.Get("function");
        var (name, id) = (function?.Text("name"), call.Text("id"));
        var key = KeyOf(call, id, named: !string.IsNullOrEmpty(name));
        if (!string.IsNullOrEmpty(name) && IsNew(key, id))
        {
            if (!IsCall(call, function?.Get("arguments")))
            {
                events.Add(new Omitted("tool_calls"));
                return;
            }

            _started[key] = (Count, id);
            events.Add(new ToolCallStarted(Count, id ?? $"call_{Count}", name));
            Count++;
        }
        else if (!_started.ContainsKey(key))
        {
            events.Add(new Omitted(call.Text("type") is { } type and not "function" ? type : "tool_calls"));
            return;
        }

        _last = key;
        if (function?.TextOrRaw("arguments") is { Length: > 0 } json)
        {
            events.Add(new ToolArgumentsDelta(_started[key].Number, json));
        }
    }

    /// <summary>The vendor's index, or one of ours below zero: where none is counted, an id known or else a name tells the calls apart.</summary>
    private int KeyOf(JsonElement call, string? id, bool named)
    {
        if (call.Integer("index") is { } index)
        {
            return (int)index;
        }

        foreach (var (key, known) in _started)
        {
            if (!string.IsNullOrEmpty(id) && known.Id == id)
            {
                return key;
            }
        }

        return named ? -1 - Count : _last;
    }

    private bool IsNew(int key, string? id) =>
        !_started.TryGetValue(key, out var known) || !string.IsNullOrEmpty(id) && known.Id is not null && known.Id != id;

    private static bool IsCall(JsonElement call, JsonElement? arguments) =>
        call.Text("id") is not ""
        && call.Text("type") is null or "" or "function"
        && arguments is null or { ValueKind: JsonValueKind.String or JsonValueKind.Object };
}
