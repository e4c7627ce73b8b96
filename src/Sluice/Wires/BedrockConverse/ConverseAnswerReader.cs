using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Reads a Converse answer as events.</summary>
internal sealed class ConverseAnswerReader : IAnswerReader
{
    private readonly BedrockObserver _facts = new();
    private readonly HashSet<int> _structured = [];
    private readonly HashSet<int> _served = [];
    private readonly List<Citation> _citations = [];
    private int? _textBlock;
    private bool _called;

    public void ReadFrame(in Frame frame, ICollection<AnswerEvent> events)
    {
        if (frame.Data.IsEmpty)
        {
            return;
        }

        _facts.Observe(frame);
        var reader = new Utf8JsonReader(frame.Data, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.Get("contentBlockStart") is { } start && start.Get("start") is { } block)
        {
            ReadStart(IndexOf(start), block, events);
        }
        else if (root.Get("contentBlockDelta") is { } update && update.Get("delta") is { } delta)
        {
            ReadDelta(IndexOf(update), delta, events);
        }
        else if (root.Get("contentBlockStop") is not null)
        {
            Cite(events);
        }
        else if (root.Get("messageStop") is { } stop)
        {
            Cite(events);
            events.Add(new Finished(ReasonOf(stop.Text("stopReason"))));
        }
        else if (root.Get("metadata") is not null && _facts.Usage is { } usage)
        {
            events.Add(new UsageReported(usage));
        }
    }

    public void ReadWhole(ReadOnlySpan<byte> body, ICollection<AnswerEvent> events)
    {
        _facts.ObserveWhole(body);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        var index = 0;
        foreach (var block in root.Get("output")?.Get("message")?.Items("content") ?? [])
        {
            ReadBlock(index++, block, events);
        }

        if (_facts.Usage is { } usage)
        {
            events.Add(new UsageReported(usage));
        }

        events.Add(new Finished(ReasonOf(root.Text("stopReason"))));
    }

    private void ReadStart(int index, JsonElement block, ICollection<AnswerEvent> events)
    {
        foreach (var member in block.Members())
        {
            if (member.Name == "toolUse")
            {
                StartCall(index, member.Value, events);
            }
            else
            {
                events.Add(new Omitted(member.Name));
            }
        }
    }

    private void StartCall(int index, JsonElement call, ICollection<AnswerEvent> events)
    {
        var name = call.Text("name") ?? "";
        if (call.Text("type") == "server_tool_use")
        {
            // A tool of Bedrock's own, which has run already.
            _served.Add(index);
            events.Add(new Omitted("server_tool_use"));
            return;
        }

        if (name == StructuredAnswer.Tool)
        {
            _structured.Add(index);
            return;
        }

        _called = true;
        events.Add(new ToolCallStarted(index, call.Text("toolUseId") ?? $"tooluse_{index}", name));
    }

    private void ReadDelta(int index, JsonElement delta, ICollection<AnswerEvent> events)
    {
        foreach (var member in delta.Members())
        {
            switch (member.Name)
            {
                case "text" or "type":
                    AddText(index, delta.Text("text"), events, member.Name);
                    break;
                case "toolUse":
                    AddArguments(index, member.Value.TextOrRaw("input"), events);
                    break;
                case "reasoningContent":
                    AddReasoning(member.Value, member.Value, events);
                    break;
                case "citation":
                    _citations.Add(ReadCitation(member.Value));
                    break;
                default:
                    events.Add(new Omitted(member.Name));
                    break;
            }
        }
    }

    private void ReadBlock(int index, JsonElement block, ICollection<AnswerEvent> events)
    {
        foreach (var member in block.Members())
        {
            switch (member.Name)
            {
                case "text" or "type":
                    AddText(index, block.Text("text"), events, member.Name);
                    break;
                case "toolUse":
                    StartCall(index, member.Value, events);
                    AddArguments(index, ArgumentsOf(member.Value), events);
                    break;
                case "reasoningContent":
                    AddReasoning(member.Value.Get("reasoningText") ?? default, member.Value, events);
                    break;
                case "citationsContent":
                    ReadCited(index, member.Value, events);
                    break;
                case "image":
                    events.Add(new PartReported(member.Name, ConverseContentReader.ReadBlock(block)));
                    break;
                default:
                    events.Add(new PartReported(member.Name, new OpaquePart(member.Name, block.Clone(), WireKind.BedrockConverse)));
                    break;
            }
        }
    }

    /// <summary>A block may say its type beside its text, which is then no text of its own.</summary>
    private void AddText(int index, string? text, ICollection<AnswerEvent> events, string member)
    {
        if (member != "text" || text is not { Length: > 0 })
        {
            return;
        }

        if (_textBlock is { } before && before != index)
        {
            events.Add(new TextEnded());
        }

        _textBlock = index;
        events.Add(new TextDelta(text));
    }

    private void AddArguments(int index, string? arguments, ICollection<AnswerEvent> events)
    {
        if (arguments is { Length: > 0 } && !_served.Contains(index))
        {
            events.Add(_structured.Contains(index) ? new TextDelta(arguments) : new ToolArgumentsDelta(index, arguments));
        }
    }

    private static void AddReasoning(JsonElement shown, JsonElement reasoning, ICollection<AnswerEvent> events)
    {
        if (shown.Text("text") is { Length: > 0 } text)
        {
            events.Add(new ReasoningDelta(text));
        }

        if (shown.Text("signature") is { Length: > 0 } signature)
        {
            events.Add(new ReasoningSigned(signature));
        }

        if (reasoning.Text("redactedContent") is { Length: > 0 } redacted)
        {
            events.Add(new ReasoningRedacted(redacted));
        }
    }

    private void ReadCited(int index, JsonElement cited, ICollection<AnswerEvent> events)
    {
        foreach (var part in cited.Items("content"))
        {
            AddText(index, part.Text("text"), events, "text");
        }

        _citations.AddRange(cited.Items("citations").Select(ReadCitation));
        Cite(events);
    }

    /// <summary>Sources come before the text that rests on them; here they follow it.</summary>
    private void Cite(ICollection<AnswerEvent> events)
    {
        foreach (var citation in _citations)
        {
            events.Add(new Cited(citation));
        }

        _citations.Clear();
    }

    private static Citation ReadCitation(JsonElement citation) =>
        new(
            citation.Get("location")?.Get("web")?.Text("url"),
            citation.Text("title"),
            string.Concat(citation.Items("sourceContent").Select(s => s.Text("text"))) is { Length: > 0 } quote ? quote : null,
            null,
            null,
            citation.Clone(),
            WireKind.BedrockConverse
        );

    private static string ArgumentsOf(JsonElement call) =>
        call.Get("input") is { ValueKind: JsonValueKind.Object } input && !input.Members().Any() ? "" : call.TextOrRaw("input") ?? "";

    private static int IndexOf(JsonElement element) => (int)(element.Integer("contentBlockIndex") ?? 0);

    private FinishReason ReasonOf(string? reason) =>
        reason switch
        {
            "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
            "tool_use" when _called || _structured.Count == 0 => FinishReason.ToolCalls,
            "guardrail_intervened" or "content_filtered" => FinishReason.Refusal,
            _ => FinishReason.Stop,
        };
}
