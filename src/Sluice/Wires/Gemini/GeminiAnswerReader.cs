using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Reads a Gemini answer as events; of several candidates the first.</summary>
internal sealed class GeminiAnswerReader : IAnswerReader
{
    private readonly GeminiObserver _facts = new(1);
    private readonly StringBuilder _text = new();
    private readonly HashSet<(string? Url, string? Title, int? Start, int? End)> _cited = [];
    private PartialArguments? _partial;
    private int _calls;

    public void ReadFrame(in Frame frame, ICollection<AnswerEvent> events)
    {
        if (frame.Data.IsEmpty)
        {
            return;
        }

        _facts.Observe(frame);
        Read(frame.Data, events);
    }

    public void ReadWhole(ReadOnlySpan<byte> body, ICollection<AnswerEvent> events)
    {
        _facts.ObserveWhole(body);
        if (!GeminiFraming.IsArray(body))
        {
            Read(body, events);
            return;
        }

        var framing = new GeminiFraming();
        while (framing.TryRead(body, final: true, out var frame))
        {
            if (!frame.Data.IsEmpty)
            {
                Read(frame.Data, events);
            }

            body = body[frame.Length..];
        }
    }

    private void Read(ReadOnlySpan<byte> json, ICollection<AnswerEvent> events)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.Get("usageMetadata") is not null && _facts.Usage is { } usage)
        {
            events.Add(new UsageReported(usage));
        }

        foreach (var candidate in root.Items("candidates"))
        {
            if ((candidate.Integer("index") ?? 0) == 0)
            {
                ReadCandidate(candidate, events);
            }
            else
            {
                events.Add(new Omitted("candidates"));
            }
        }

        if (root.Get("promptFeedback") is { } feedback && feedback.Text("blockReason") is { Length: > 0 } blocked)
        {
            if (feedback.Text("blockReasonMessage") is { Length: > 0 } message)
            {
                events.Add(new RefusalDelta(message));
            }

            events.Add(new Finished(GeminiFinish.ReasonOf(blocked, calls: false)));
        }
    }

    private void ReadCandidate(JsonElement candidate, ICollection<AnswerEvent> events)
    {
        foreach (var part in candidate.Get("content")?.Items("parts") ?? [])
        {
            ReadPart(part, events);
        }

        foreach (var citation in Grounding.Read(candidate, _text.ToString()))
        {
            if (_cited.Add((citation.Url, citation.Title, citation.Start, citation.End)))
            {
                events.Add(new Cited(citation));
            }
        }

        if (candidate.Get("groundingMetadata")?.Get("searchEntryPoint") is not null)
        {
            events.Add(new Omitted("searchEntryPoint"));
        }

        if (candidate.Get("urlContextMetadata") is not null)
        {
            events.Add(new Omitted("urlContextMetadata"));
        }

        if (candidate.Get("logprobsResult") is { } logprobs)
        {
            events.Add(new LogprobsReported(GeminiLogprobs.Read(logprobs)));
        }

        if (candidate.Text("finishReason") is { Length: > 0 } reason)
        {
            FinishPartial(events);
            events.Add(new Finished(GeminiFinish.ReasonOf(reason, _calls > 0)));
        }
    }

    private void ReadPart(JsonElement part, ICollection<AnswerEvent> events)
    {
        var signature = part.Text("thoughtSignature");
        if (part.Get("functionCall") is { } call)
        {
            ReadCall(call, signature, events);
            return;
        }

        if (part.Text("text") is { } text)
        {
            ReadText(text, part.Flag("thought") ?? false, events);
            if (signature is not null)
            {
                events.Add(new ReasoningSigned(signature));
            }

            return;
        }

        if (part.Members().FirstOrDefault(m => m.Name is not ("thought" or "thoughtSignature")) is { Name: { } name })
        {
            // An image the model only thought of is none of its answer's.
            var medium = part.Flag("thought") == true ? null : GeminiContentsReader.ReadMedia(part);
            events.Add(new PartReported(name, medium ?? new OpaquePart(name, Unsigned(part), WireKind.Gemini)));
            if (signature is not null)
            {
                events.Add(new ReasoningSigned(signature));
            }
        }
    }

    /// <summary>The part without its signature, which goes its own way to who issued it.</summary>
    private static JsonElement Unsigned(JsonElement part)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            json.WriteStartObject();
            foreach (var member in part.Members().Where(m => m.Name != "thoughtSignature"))
            {
                member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private void ReadText(string text, bool thought, ICollection<AnswerEvent> events)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (thought)
        {
            events.Add(new ReasoningDelta(text));
            return;
        }

        _text.Append(text);
        events.Add(new TextDelta(text));
    }

    /// <summary>A call comes whole and mostly without an id; Vertex AI may stream its arguments in pieces.</summary>
    private void ReadCall(JsonElement call, string? signature, ICollection<AnswerEvent> events)
    {
        if (call.Text("name") is { Length: > 0 } name)
        {
            FinishPartial(events);
            if (signature is not null)
            {
                events.Add(new ReasoningSigned(signature));
            }

            events.Add(new ToolCallStarted(_calls, call.Text("id") is { Length: > 0 } id ? id : MintedId(), name));
            _calls++;
            if (call.Get("args") is { ValueKind: JsonValueKind.Object } arguments && arguments.Members().Any())
            {
                events.Add(new ToolArgumentsDelta(_calls - 1, arguments.GetRawText()));
            }
        }

        foreach (var piece in call.Items("partialArgs"))
        {
            (_partial ??= new PartialArguments()).Add(piece);
        }

        if (call.Flag("willContinue") != true)
        {
            FinishPartial(events);
        }
    }

    private void FinishPartial(ICollection<AnswerEvent> events)
    {
        if (_partial?.ToJson() is { Length: > 0 } arguments)
        {
            events.Add(new ToolArgumentsDelta(_calls - 1, arguments));
        }

        _partial = null;
    }

    /// <summary>Ids must differ from turn to turn, which the answer's own id sees to.</summary>
    private string MintedId() => _facts.Id is { } answer ? $"call_{answer}_{_calls}" : $"call_{_calls}";
}
