using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Writes a Chat Completions answer with every member the official SDKs need.</summary>
internal sealed class ChatAnswerWriter(AnswerIdentity identity) : IAnswerWriter
{
    private readonly Dictionary<int, int> _calls = [];

    /// <summary>Calls that have no arguments yet; those that never get any are told an empty object at the end.</summary>
    private readonly SortedSet<int> _bare = [];
    private readonly StringBuilder _reasoning = new();

    /// <summary>A signature without reasoning before it, until it is known what it stands for.</summary>
    private string? _waiting;
    private int _details;
    private bool _begun;
    private bool _said;
    private Usage? _usage;
    private FinishReason? _finish;

    public void WriteFrames(AnswerEvent answerEvent, IBufferWriter<byte> output)
    {
        if (answerEvent is not (UsageReported or Finished))
        {
            FlushSignature(output, (answerEvent as ToolCallStarted)?.Id);
        }

        switch (answerEvent)
        {
            case TextDelta text:
                _said = true;
                _reasoning.Clear();
                WriteDelta(output, json => json.WriteString("content", text.Text));
                break;
            case ReasoningDelta reasoning:
                _reasoning.Append(reasoning.Text);
                WriteDelta(output, json => json.WriteString("reasoning_content", reasoning.Text));
                break;
            case ReasoningSigned signed when _reasoning.Length > 0:
                WriteDetail(output, new ReasoningPart(_reasoning.ToString(), signed.Signature));
                _reasoning.Clear();
                break;
            case ReasoningSigned signed:
                _waiting = signed.Signature;
                break;
            case ReasoningRedacted redacted:
                WriteDetail(output, new ReasoningPart("", null, redacted.Data));
                break;
            case RefusalDelta refusal:
                WriteDelta(output, json => json.WriteString("refusal", refusal.Text));
                break;
            case ToolCallStarted call:
                _calls[call.Index] = _calls.Count;
                _bare.Add(_calls[call.Index]);
                WriteDelta(output, json => WriteCall(json, _calls[call.Index], call.Id, call.Name, ""));
                break;
            case ToolArgumentsDelta arguments:
                _bare.Remove(_calls[arguments.Index]);
                WriteDelta(output, json => WriteCall(json, _calls[arguments.Index], null, null, arguments.Json));
                break;
            case Cited cited:
                WriteDelta(
                    output,
                    json =>
                    {
                        json.WriteStartArray("annotations");
                        ChatCitations.Write(json, cited.Citation);
                        json.WriteEndArray();
                    }
                );
                break;
            case LogprobsReported logprobs:
                WriteDelta(output, static _ => { }, logprobs.Json);
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
        FlushSignature(output, null);
        foreach (var call in _bare)
        {
            WriteDelta(output, json => WriteCall(json, call, null, null, "{}"));
        }

        WriteChunk(output, static _ => { }, NameOf(_finish ?? FinishReason.Stop), null);
        if (identity.UsageAsked && _usage is { } usage)
        {
            WriteChunk(output, null, null, usage);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    public void WriteWhole(IReadOnlyList<AnswerEvent> events, IBufferWriter<byte> output)
    {
        var answer = WholeMessage.Of(events);
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        WriteIdentity(json, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        ChatMessageWriter.Write(json, answer);
        ChatMessageWriter.WriteLogprobs(json, answer.Logprobs);
        json.WriteString("finish_reason", NameOf(answer.Finish));
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, answer.Usage ?? Usage.None);
        json.WriteEndObject();
    }

    private void FlushSignature(IBufferWriter<byte> output, string? call)
    {
        if (_waiting is not { } signature)
        {
            return;
        }

        _waiting = null;
        WriteDetail(output, new ReasoningPart("", signature), call, afterText: _said && call is null);
    }

    private void WriteDetail(IBufferWriter<byte> output, ReasoningPart part, string? call = null, bool afterText = false) =>
        WriteDelta(
            output,
            json =>
            {
                json.WriteStartArray(ReasoningDetails.Member);
                ReasoningDetails.Write(json, part, _details++, call, afterText);
                json.WriteEndArray();
            }
        );

    private void WriteDelta(IBufferWriter<byte> output, Action<Utf8JsonWriter> delta, JsonElement? logprobs = null)
    {
        if (!_begun)
        {
            _begun = true;
            WriteChunk(output, static json => WriteRole(json), null, null);
        }

        WriteChunk(output, delta, null, null, logprobs);
    }

    private static void WriteRole(Utf8JsonWriter json)
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
    }

    /// <param name="delta">Writes the choice's delta; <see langword="null"/> for the chunk that carries only usage.</param>
    private void WriteChunk(
        IBufferWriter<byte> output,
        Action<Utf8JsonWriter>? delta,
        string? finish,
        Usage? usage,
        JsonElement? logprobs = null
    )
    {
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, JsonStyle.Compact))
        {
            json.WriteStartObject();
            WriteIdentity(json, "chat.completion.chunk");
            json.WriteStartArray("choices");
            if (delta is not null)
            {
                json.WriteStartObject();
                json.WriteNumber("index", 0);
                json.WriteStartObject("delta");
                delta(json);
                json.WriteEndObject();
                ChatMessageWriter.WriteLogprobs(json, logprobs is { } reported ? [reported] : []);
                json.WriteString("finish_reason", finish);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (usage is not null)
            {
                WriteUsage(json, usage);
            }

            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    private void WriteIdentity(Utf8JsonWriter json, string kind)
    {
        json.WriteString("id", identity.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", identity.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("model", identity.Model);
    }

    private static void WriteCall(Utf8JsonWriter json, int index, string? id, string? name, string arguments)
    {
        json.WriteStartArray("tool_calls");
        ChatMessageWriter.WriteCall(json, index, id, name, arguments);
        json.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.InputTokens);
        json.WriteNumber("completion_tokens", usage.OutputTokens);
        json.WriteNumber("total_tokens", usage.InputTokens + usage.OutputTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CacheReadTokens);
        json.WriteNumber("audio_tokens", usage.InputAudioTokens);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        json.WriteNumber("audio_tokens", usage.OutputAudioTokens);
        json.WriteNumber("accepted_prediction_tokens", 0);
        json.WriteNumber("rejected_prediction_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A paused turn is no plain stop: the caller is to go on, which <c>length</c> says best here.</summary>
    private static string NameOf(FinishReason reason) =>
        reason switch
        {
            FinishReason.Length or FinishReason.Paused => "length",
            FinishReason.ToolCalls => "tool_calls",
            FinishReason.Refusal => "content_filter",
            _ => "stop",
        };
}
