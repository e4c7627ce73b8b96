using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Writes how a Chat Completions answer is to be made: limits, sampling, form, effort.</summary>
internal sealed class ChatSettingsWriter(Target target, Losses losses)
{
    /// <summary>The most stop sequences the protocol takes.</summary>
    private const int MostStops = 4;

    public void Write(Utf8JsonWriter json, ChatRequest request)
    {
        WriteNumber(json, "max_completion_tokens", request.MaxOutput);
        WriteNumber(json, "temperature", request.Temperature);
        WriteNumber(json, "top_p", request.TopP);
        WriteNumber(json, "seed", request.Seed);
        WriteNumber(json, "frequency_penalty", request.FrequencyPenalty);
        WriteNumber(json, "presence_penalty", request.PresencePenalty);
        WriteNumber(json, "n", request.Choices);
        WriteNumber(json, "top_logprobs", request.TopLogprobs);
        if (request.Logprobs is { } logprobs)
        {
            json.WriteBoolean("logprobs", logprobs);
        }

        if (request.TopK is not null)
        {
            losses.NoPlace("top_k");
        }

        if (request is { Origin: WireKind.AnthropicMessages, ShowReasoning: not null })
        {
            losses.NoPlace("thinking.display");
        }

        if (request.Messages.Any(m => m.Parts.Any(p => p is DocumentPart { IsCited: true })))
        {
            losses.NoPlace("citations");
        }

        if (request.Store == true)
        {
            losses.Add("store", "left out: what is kept here cannot be gone on from");
        }

        if (request.Stop.Count > 0)
        {
            if (request.Stop.Count > MostStops)
            {
                losses.Add("stop_sequences", $"all but the first {MostStops} were left out");
            }

            json.WriteStartArray("stop");
            foreach (var stop in request.Stop.Take(MostStops))
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        if (request.Format is { } format)
        {
            WriteFormat(json, format);
        }

        losses.Thinking(request, target);
        if (EffortOf(request) is { } effort)
        {
            json.WriteString("reasoning_effort", effort);
        }

        WriteText(json, "user", request.User);
        WriteText(json, "service_tier", request.ServiceTier);
        WriteText(json, "prompt_cache_key", request.PromptCacheKey);

        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
        }
    }

    private string? EffortOf(ChatRequest request)
    {
        if (request.Origin == WireKind.OpenAiChat)
        {
            return request.ReasoningEffort;
        }

        var said = request.Origin == WireKind.AnthropicMessages ? "output_config.effort" : "reasoning_effort";
        var (feature, effort) = request switch
        {
            { ReasoningEffort: "max" or "xhigh" } => (said, "high"),
            { ReasoningEffort: { } asked } => (said, asked),
            { ThinkingBudget: { } budget } => (
                "thinking.budget_tokens",
                budget switch
                {
                    < 4_096 => "low",
                    < 16_384 => "medium",
                    _ => "high",
                }
            ),
            _ => ("", null),
        };
        if (effort is null || effort == request.ReasoningEffort && target.Card.Reasoning)
        {
            return effort;
        }

        losses.Add(
            feature,
            target.Card.Reasoning ? $"said as reasoning_effort '{effort}', which is coarser" : "left out: the model does not reason"
        );
        return target.Card.Reasoning ? effort : null;
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat format)
    {
        json.WriteStartObject("response_format");
        if (format.Schema is not { } schema)
        {
            json.WriteString("type", "json_object");
        }
        else
        {
            json.WriteString("type", "json_schema");
            json.WriteStartObject("json_schema");
            json.WriteString("name", format.Name ?? "answer");
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            if (format.Strict is { } strict)
            {
                json.WriteBoolean("strict", strict);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }
}
