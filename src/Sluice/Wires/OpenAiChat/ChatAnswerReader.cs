using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Reads a Chat Completions answer as events; of several choices the first.</summary>
/// <param name="dialect">How the vendor that answers deviates.</param>
internal sealed class ChatAnswerReader(Dialect dialect) : IAnswerReader
{
    /// <summary>Members of a message that no record holds.</summary>
    private static readonly string[] Unheld = ["function_call"];

    private readonly ChatToolCalls _calls = new();
    private readonly HashSet<string> _cited = [];
    private readonly SpokenAnswer _spoken = new();
    private FinishReason? _finish;
    private bool _refused;

    public void ReadFrame(in Frame frame, ICollection<AnswerEvent> events)
    {
        if (frame.Data.IsEmpty || frame.Data.SequenceEqual("[DONE]"u8))
        {
            return;
        }

        var reader = new Utf8JsonReader(frame.Data, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        Read(document.RootElement, frame.Data, "delta", events);
    }

    public void ReadWhole(ReadOnlySpan<byte> body, ICollection<AnswerEvent> events)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        Read(document.RootElement, body, "message", events);
    }

    private void Read(JsonElement root, ReadOnlySpan<byte> json, string member, ICollection<AnswerEvent> events)
    {
        foreach (var choice in root.Items("choices"))
        {
            if ((choice.Integer("index") ?? 0) != 0)
            {
                events.Add(new Omitted("n"));
                continue;
            }

            if (choice.Get(member) is { } delta)
            {
                ReadDelta(delta, events);
            }

            if (choice.Get("logprobs") is { ValueKind: JsonValueKind.Object } logprobs)
            {
                events.Add(new LogprobsReported(logprobs.Clone()));
            }

            // OpenRouter sends a second finish with the usage; the first one counts.
            if (choice.Text("finish_reason") is { Length: > 0 } reason && _finish is null)
            {
                foreach (var citation in ChatCitations.OfSearch(root))
                {
                    Cite(citation, events);
                }

                if (_spoken.Part() is { } sound)
                {
                    events.Add(new PartReported("audio", sound));
                }

                _finish = ReasonOf(reason);
                events.Add(new Finished(_finish.Value));
            }
        }

        if (root.Get("usage") is { ValueKind: JsonValueKind.Object } && UsageOf(json, member == "message") is { } usage)
        {
            events.Add(new UsageReported(usage));
        }
    }

    private void ReadDelta(JsonElement delta, ICollection<AnswerEvent> events)
    {
        ReadReasoning(delta, events);
        switch (delta.Get("content"))
        {
            case { ValueKind: JsonValueKind.String } text when LooseText.Of(text) is { Length: > 0 } said:
                events.Add(new TextDelta(said));
                break;
            case { ValueKind: JsonValueKind.Array } parts:
                foreach (var part in parts.EnumerateArray())
                {
                    ReadPart(part, events);
                }

                break;
        }

        if (delta.Text("refusal") is { Length: > 0 } refusal)
        {
            _refused = true;
            events.Add(new RefusalDelta(refusal));
        }

        foreach (var image in delta.Items("images").Select(i => ChatRequestReader.ReadImage(i.Get("image_url"))).OfType<ImagePart>())
        {
            events.Add(new PartReported("images", image));
        }

        if (delta.Get("audio") is { ValueKind: JsonValueKind.Object } audio)
        {
            _spoken.Add(audio);
        }

        ReadSources(delta, events);
        foreach (var name in Unheld)
        {
            if (delta.Get(name) is { ValueKind: JsonValueKind.Object } || delta.Items(name).Any())
            {
                events.Add(new Omitted(name));
            }
        }

        foreach (var call in delta.Items("tool_calls"))
        {
            _calls.Read(call, events);
        }
    }

    /// <summary>Text comes in the vendor's member, and again in the details; the details alone have signatures.</summary>
    private void ReadReasoning(JsonElement delta, ICollection<AnswerEvent> events)
    {
        var plain = dialect.ReasoningText.Select(name => delta.Text(name)).FirstOrDefault(text => !string.IsNullOrEmpty(text));
        if (plain is not null)
        {
            events.Add(new ReasoningDelta(plain));
        }

        foreach (var entry in delta.Items(ReasoningDetails.Member))
        {
            if (plain is null && ReasoningDetails.TextOf(entry) is { Length: > 0 } text)
            {
                events.Add(new ReasoningDelta(text));
            }

            if (ReasoningDetails.SecretOf(entry) is { } secret)
            {
                events.Add(ReasoningDetails.IsEncrypted(entry) ? new ReasoningRedacted(secret) : new ReasoningSigned(secret));
            }
        }
    }

    private void ReadSources(JsonElement delta, ICollection<AnswerEvent> events)
    {
        foreach (var annotation in delta.Items("annotations"))
        {
            if (ChatCitations.OfAnnotation(annotation) is { } citation)
            {
                events.Add(new Cited(citation));
            }
            else
            {
                events.Add(new Omitted("annotations"));
            }
        }

        foreach (var tool in delta.Items("executed_tools"))
        {
            var found = ChatCitations.OfExecuted(tool).ToList();
            foreach (var citation in found)
            {
                Cite(citation, events);
            }

            if (found.Count == 0)
            {
                events.Add(new Omitted("executed_tools"));
            }
        }
    }

    /// <summary>A source that is named again and again is one source.</summary>
    private void Cite(Citation citation, ICollection<AnswerEvent> events)
    {
        if (_cited.Add(citation.Url ?? ""))
        {
            events.Add(new Cited(citation));
        }
    }

    /// <summary>Mistral's reasoning models send content as a list of text and thinking.</summary>
    private static void ReadPart(JsonElement part, ICollection<AnswerEvent> events)
    {
        if (part.Text("text") is { Length: > 0 } text)
        {
            events.Add(new TextDelta(text));
        }
        else if (part.Text("type") is { } type and not ("text" or "thinking"))
        {
            events.Add(new Omitted(type));
        }

        foreach (var thought in part.Items("thinking"))
        {
            if (thought.Text("text") is { Length: > 0 } thinking)
            {
                events.Add(new ReasoningDelta(thinking));
            }
        }
    }

    private FinishReason ReasonOf(string reason) =>
        _refused
            ? FinishReason.Refusal
            : (dialect.FinishReasons.GetValueOrDefault(reason) ?? reason) switch
            {
                "length" => FinishReason.Length,
                "tool_calls" or "function_call" => FinishReason.ToolCalls,
                "content_filter" or "refusal" => FinishReason.Refusal,
                "paused" => FinishReason.Paused,
                _ => _calls.Count > 0 ? FinishReason.ToolCalls : FinishReason.Stop,
            };

    private Money.Usage? UsageOf(ReadOnlySpan<byte> json, bool whole)
    {
        var observer = new OpenAiChatObserver(1, dialect.Usage);
        if (whole)
        {
            observer.ObserveWhole(json);
        }
        else
        {
            observer.Observe(new Frame { Length = json.Length, Data = json });
        }

        return observer.Usage;
    }
}
