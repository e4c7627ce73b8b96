using System.Text.Json;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Ollama;

/// <summary>Gives the calls of a conversation ids where it has none, and finds what each result answers: by id, by name, by order.</summary>
internal sealed class OllamaCallIds
{
    private readonly List<(string Id, string Name)> _open = [];
    private int _calls;

    public ToolCallPart? Read(JsonElement call)
    {
        if (call.Get("function") is not { } function || function.Text("name") is not { Length: > 0 } name)
        {
            return null;
        }

        var minted = $"call_{_calls++}";
        var id = call.Text("id") is { Length: > 0 } given ? given : minted;
        _open.Add((id, name));
        return new ToolCallPart(id, name, ToolArguments.Read(function.Get("arguments")));
    }

    public ToolResultPart Answered(JsonElement message, IReadOnlyList<Part> content)
    {
        var (id, name) = (message.Text("tool_call_id"), message.Text("tool_name") ?? message.Text("name"));
        var found = _open.FindIndex(c => id is null ? name is null || c.Name == name : c.Id == id);
        if (found < 0)
        {
            return new ToolResultPart(id ?? "", content, IsError: false, name);
        }

        var call = _open[found];
        _open.RemoveAt(found);
        return new ToolResultPart(call.Id, content, IsError: false, name ?? call.Name);
    }
}
