using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Writes a Gemini answer. Calls are whole here, so theirs wait until their arguments are.</summary>
internal sealed class GeminiAnswerWriter(AnswerIdentity identity) : IAnswerWriter
{
    private readonly List<(ToolCallStarted Call, string? Signature, StringBuilder Arguments)> _calls = [];
    private readonly StringBuilder _text = new();
    private readonly List<Citation> _citations = [];
    private readonly List<JsonElement> _logprobs = [];

    /// <summary>A signature that has not found what it stands on: a call that may follow, or what was said before.</summary>
    private string? _signature;
    private bool _thinking;
    private Usage? _usage;
    private FinishReason? _finish;

    public void WriteFrames(AnswerEvent answerEvent, IBufferWriter<byte> output)
    {
        switch (answerEvent)
        {
            case TextDelta text:
                _text.Append(text.Text);
                Say(new TextPart(text.Text), output);
                break;
            case RefusalDelta refusal:
                Say(new RefusalPart(refusal.Text), output);
                break;
            case ReasoningDelta reasoning:
                Say(new ReasoningPart(reasoning.Text, null), output);
                _thinking = true;
                break;
            case ReasoningRedacted redacted:
                Say(new ReasoningPart("", null, redacted.Data), output);
                break;
            case ReasoningSigned signed:
                Sign(output);
                _signature = signed.Signature;
                break;
            case ToolCallStarted call:
                _calls.Add((call, _signature, new StringBuilder()));
                (_signature, _thinking) = (null, false);
                break;
            case ToolArgumentsDelta arguments:
                _calls.Find(c => c.Call.Index == arguments.Index).Arguments?.Append(arguments.Json);
                break;
            case Cited cited:
                _citations.Add(cited.Citation);
                break;
            case LogprobsReported logprobs:
                _logprobs.Add(logprobs.Json);
                break;
            case UsageReported reported:
                _usage = reported.Usage;
                break;
            case Finished finished:
                _finish = finished.Reason;
                break;
        }
    }

    public void WriteEnd(IBufferWriter<byte> output)
    {
        Sign(output);
        List<Part> last = _calls.Count > 0 ? TakeCalls() : [new TextPart("")];
        Chunk(
            output,
            json =>
            {
                WriteContent(json, last);
                WriteFinish(json, _finish ?? FinishReason.Stop, _citations, _text.ToString(), _logprobs);
            },
            _usage
        );
    }

    public void WriteWhole(IReadOnlyList<AnswerEvent> events, IBufferWriter<byte> output)
    {
        var answer = WholeMessage.Of(events);
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        WriteAnswer(
            json,
            () =>
            {
                WriteContent(json, answer.Parts);
                WriteFinish(
                    json,
                    answer.Finish,
                    [.. answer.Parts.OfType<TextPart>().SelectMany(t => t.Citations)],
                    answer.Text,
                    answer.Logprobs
                );
            },
            answer.Usage ?? Usage.None
        );
    }

    /// <summary>Calls that wait are complete as soon as something else is said.</summary>
    private void Say(Part part, IBufferWriter<byte> output)
    {
        Sign(output);
        if (_calls.Count > 0)
        {
            Parts(output, TakeCalls());
        }

        _thinking = false;
        Parts(output, [part]);
    }

    /// <summary>Writes the signature that no call took: behind the thoughts or the text before it, as an empty part of the same kind.</summary>
    private void Sign(IBufferWriter<byte> output)
    {
        if (_signature is not { } signature)
        {
            return;
        }

        _signature = null;
        var thought = _thinking;
        Chunk(
            output,
            json =>
            {
                json.WriteStartObject("content");
                json.WriteStartArray("parts");
                json.WriteStartObject();
                json.WriteString("text", "");
                if (thought)
                {
                    json.WriteBoolean("thought", true);
                }

                json.WriteString("thoughtSignature", signature);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteString("role", "model");
                json.WriteEndObject();
            },
            null
        );
    }

    private List<Part> TakeCalls()
    {
        var parts = new List<Part>();
        foreach (var (call, signature, arguments) in _calls)
        {
            if (signature is not null)
            {
                parts.Add(new ReasoningPart("", signature));
            }

            parts.Add(new ToolCallPart(call.Id, call.Name, arguments.ToString()));
        }

        _calls.Clear();
        return parts;
    }

    private void Parts(IBufferWriter<byte> output, IReadOnlyList<Part> parts) => Chunk(output, json => WriteContent(json, parts), null);

    private void Chunk(IBufferWriter<byte> output, Action<Utf8JsonWriter> candidate, Usage? usage)
    {
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, JsonStyle.Compact))
        {
            WriteAnswer(json, () => candidate(json), usage);
        }

        output.Write("\r\n\r\n"u8);
    }

    private void WriteAnswer(Utf8JsonWriter json, Action candidate, Usage? usage)
    {
        json.WriteStartObject();
        json.WriteStartArray("candidates");
        json.WriteStartObject();
        candidate();
        json.WriteNumber("index", 0);
        json.WriteEndObject();
        json.WriteEndArray();
        if (usage is not null)
        {
            WriteUsage(json, usage);
        }

        json.WriteString("modelVersion", identity.Model);
        json.WriteString("responseId", identity.Id);
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        json.WriteStartObject("content");
        json.WriteStartArray("parts");
        new GeminiTurnWriter(json, callIds: true).Write(parts);
        json.WriteEndArray();
        json.WriteString("role", "model");
        json.WriteEndObject();
    }

    private static void WriteFinish(
        Utf8JsonWriter json,
        FinishReason reason,
        IReadOnlyList<Citation> citations,
        string text,
        IReadOnlyList<JsonElement> logprobs
    )
    {
        json.WriteString("finishReason", GeminiFinish.NameOf(reason));
        Grounding.Write(json, citations, text);
        GeminiLogprobs.Write(json, logprobs);
    }

    private static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", usage.InputTokens);
        json.WriteNumber("candidatesTokenCount", usage.OutputTokens - usage.ReasoningTokens);
        json.WriteNumber("totalTokenCount", usage.InputTokens + usage.OutputTokens);
        if (usage.CacheReadTokens > 0)
        {
            json.WriteNumber("cachedContentTokenCount", usage.CacheReadTokens);
        }

        if (usage.ReasoningTokens > 0)
        {
            json.WriteNumber("thoughtsTokenCount", usage.ReasoningTokens);
        }

        json.WriteEndObject();
    }
}
