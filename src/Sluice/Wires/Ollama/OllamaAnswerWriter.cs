using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Money;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Ollama;

/// <summary>Writes an answer as Ollama does, with every member its clients need.</summary>
/// <param name="identity">What the answer calls itself.</param>
/// <param name="chat">Whether it answers a chat, with a message, or a single prompt, with a text.</param>
internal sealed class OllamaAnswerWriter(AnswerIdentity identity, bool chat) : IAnswerWriter
{
    /// <summary>Ollama itself never refuses, so that there is no word of its own for it.</summary>
    public const string Refused = "content_filter";

    /// <summary>Calls are written whole: their arguments are gathered until the answer ends.</summary>
    private readonly List<(int Index, ToolCallPart Call, StringBuilder Arguments)> _calls = [];
    private Usage? _usage;
    private FinishReason _finish;
    private TimeSpan? _firstContent;

    public void WriteFrames(AnswerEvent answerEvent, IBufferWriter<byte> output)
    {
        switch (answerEvent)
        {
            case TextDelta text:
                WriteLine(output, text.Text);
                break;
            case RefusalDelta refusal:
                WriteLine(output, refusal.Text);
                break;
            case ReasoningDelta reasoning:
                WriteLine(output, "", reasoning.Text);
                break;
            case LogprobsReported logprobs:
                WriteLine(output, "", logprobs: logprobs.Json);
                break;
            case ToolCallStarted call:
                _calls.Add((call.Index, new ToolCallPart(call.Id, call.Name, ""), new StringBuilder()));
                break;
            case ToolArgumentsDelta arguments:
                _calls.FindLast(c => c.Index == arguments.Index).Arguments?.Append(arguments.Json);
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
        if (_calls.Count > 0)
        {
            WriteLine(output, "", calls: [.. _calls.Select(c => c.Call with { Arguments = c.Arguments.ToString() })]);
        }

        using (var json = new Utf8JsonWriter(output, JsonStyle.Compact))
        {
            WriteStart(json);
            WriteContent(json, "", "", []);
            WriteDone(json, _finish, _usage);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    public void WriteWhole(IReadOnlyList<AnswerEvent> events, IBufferWriter<byte> output)
    {
        var answer = WholeMessage.Of(events);
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        WriteStart(json);
        WriteContent(json, answer.Text + answer.Refusal, answer.Reasoning, answer.Calls);
        WriteLogprobs(json, answer.Logprobs);
        WriteDone(json, answer.Finish, answer.Usage);
        json.WriteEndObject();
    }

    private void WriteLine(
        IBufferWriter<byte> output,
        string text,
        string thinking = "",
        IReadOnlyList<ToolCallPart>? calls = null,
        JsonElement? logprobs = null
    )
    {
        _firstContent ??= Elapsed;
        using (var json = new Utf8JsonWriter(output, JsonStyle.Compact))
        {
            WriteStart(json);
            WriteContent(json, text, thinking, calls ?? []);
            WriteLogprobs(json, logprobs is { } some ? [some] : []);
            json.WriteBoolean("done", false);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private TimeSpan Elapsed => identity.Elapsed?.Invoke() ?? TimeSpan.Zero;

    private void WriteStart(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("model", identity.Model);
        var time = (identity.CreatedAt + Elapsed).UtcDateTime;
        json.WriteString("created_at", time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
    }

    private void WriteContent(Utf8JsonWriter json, string text, string thinking, IReadOnlyList<ToolCallPart> calls)
    {
        if (chat)
        {
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
        }

        json.WriteString(chat ? "content" : "response", text);
        if (thinking.Length > 0)
        {
            json.WriteString("thinking", thinking);
        }

        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            for (var i = 0; i < calls.Count; i++)
            {
                OllamaCall.Write(json, i, calls[i].Id, calls[i].Name, calls[i].Arguments);
            }

            json.WriteEndArray();
        }

        if (chat)
        {
            json.WriteEndObject();
        }
    }

    private static void WriteLogprobs(Utf8JsonWriter json, IReadOnlyList<JsonElement> reported)
    {
        if (reported.Count == 0)
        {
            return;
        }

        json.WriteStartArray("logprobs");
        foreach (var token in reported.SelectMany(r => r.Items("content")))
        {
            token.WriteTo(json);
        }

        json.WriteEndArray();
    }

    /// <summary>Durations are in nanoseconds. Nothing is loaded here, so that all until the first content went into the prompt.</summary>
    private void WriteDone(Utf8JsonWriter json, FinishReason finish, Usage? usage)
    {
        var total = Elapsed;
        var prompt = _firstContent ?? total;
        json.WriteBoolean("done", true);
        json.WriteString("done_reason", NameOf(finish));
        json.WriteNumber("total_duration", total.Ticks * TimeSpan.NanosecondsPerTick);
        json.WriteNumber("load_duration", 0);
        json.WriteNumber("prompt_eval_count", usage?.InputTokens ?? 0);
        json.WriteNumber("prompt_eval_duration", prompt.Ticks * TimeSpan.NanosecondsPerTick);
        json.WriteNumber("eval_count", usage?.OutputTokens ?? 0);
        json.WriteNumber("eval_duration", (total - prompt).Ticks * TimeSpan.NanosecondsPerTick);
    }

    /// <summary>A call ends with <c>stop</c> like everything else; a paused turn is to go on, which <c>length</c> says best here.</summary>
    private static string NameOf(FinishReason reason) =>
        reason switch
        {
            FinishReason.Length or FinishReason.Paused => "length",
            FinishReason.Refusal => Refused,
            _ => "stop",
        };
}
