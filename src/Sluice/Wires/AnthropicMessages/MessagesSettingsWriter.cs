using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Writes how a Messages answer is to be made: limits, sampling, form, thinking.</summary>
internal sealed class MessagesSettingsWriter(Target target, Losses losses)
{
    /// <param name="json">Stands in the request's object.</param>
    /// <param name="request">With its output limit, which this protocol demands.</param>
    /// <param name="turns">The conversation as it was written.</param>
    public void Write(Utf8JsonWriter json, ChatRequest request, IReadOnlyList<Message> turns)
    {
        json.WriteNumber("max_tokens", request.MaxOutput!.Value);
        var thinking = ClaudeThinking.Of(request, target, turns, losses);
        WriteSampling(json, request, thinking.Thinks);
        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop_sequences");
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        WriteOutput(json, request, thinking.Effort);
        thinking.Write(json);
        WriteTier(json, request.ServiceTier);
        losses.SettingsBut(
            request,
            "temperature",
            "top_p",
            "top_k",
            "stop",
            "response_format",
            "reasoning_effort",
            "citations",
            "parallel_tool_calls",
            "tool_choice",
            "service_tier",
            "user"
        );
        if (request.User is { } user)
        {
            json.WriteStartObject("metadata");
            json.WriteString("user_id", user);
            json.WriteEndObject();
        }

        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
        }
    }

    /// <summary>Most names are a vendor's own; these mean the same everywhere.</summary>
    private void WriteTier(Utf8JsonWriter json, string? tier)
    {
        switch (tier)
        {
            case null:
                break;
            case "auto" or "standard_only":
                json.WriteString("service_tier", tier);
                break;
            case "default":
                json.WriteString("service_tier", "standard_only");
                break;
            default:
                losses.NoPlace("service_tier");
                break;
        }
    }

    private void WriteSampling(Utf8JsonWriter json, ChatRequest request, bool thinks)
    {
        if (request.Temperature is { } temperature)
        {
            if (thinks && temperature != 1)
            {
                losses.Add("temperature", "left out: Messages takes none while the model thinks");
            }
            else
            {
                if (temperature > 1)
                {
                    losses.Add("temperature", $"lowered from {temperature} to 1, the most Messages takes");
                }

                json.WriteNumber("temperature", Math.Min(1, temperature));
            }
        }

        if (request.TopP is { } topP)
        {
            json.WriteNumber("top_p", topP);
        }

        if (request.TopK is { } topK)
        {
            json.WriteNumber("top_k", topK);
        }
    }

    private static void WriteOutput(Utf8JsonWriter json, ChatRequest request, string? effort)
    {
        if (effort is null && request.Format is not { Schema: not null })
        {
            return;
        }

        json.WriteStartObject("output_config");
        if (effort is not null)
        {
            json.WriteString("effort", effort);
        }

        if (request.Format is { Schema: { } schema })
        {
            json.WriteStartObject("format");
            json.WriteString("type", "json_schema");
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
