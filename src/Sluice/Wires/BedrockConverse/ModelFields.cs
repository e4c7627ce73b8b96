using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Writes <c>additionalModelRequestFields</c>: what goes to the model beside the protocol, in the words of its family.</summary>
internal static class ModelFields
{
    public const string Member = "additionalModelRequestFields";

    public static void Write(Utf8JsonWriter json, ChatRequest request, string model, ClaudeThinking? thinking, Losses losses)
    {
        var fields = new List<(string Name, Action Write)>();
        switch (ModelFamilies.Of(model))
        {
            case ModelFamily.Anthropic:
                AddAnthropic(json, request, thinking!, fields);
                break;
            case ModelFamily.Nova:
                AddNova(json, request, fields, losses);
                break;
            case ModelFamily.OpenAi when request.ReasoningEffort is { } effort:
                fields.Add(("reasoning_effort", () => json.WriteString("reasoning_effort", effort)));
                break;
            default:
                if (request.ReasoningEffort is not null || request.ThinkingBudget is not null)
                {
                    losses.NoPlace("reasoning_effort");
                }

                break;
        }

        if (request.TopK is not null && !fields.Exists(f => f.Name is "top_k" or "inferenceConfig"))
        {
            losses.NoPlace("top_k");
        }

        if (SingleCalls.Of(request, model))
        {
            fields.Add((SingleCalls.Member, () => SingleCalls.Write(json, request.ToolChoice)));
        }

        AddOwn(json, request, fields);
        if (fields.Count == 0)
        {
            return;
        }

        json.WriteStartObject(Member);
        foreach (var (_, write) in fields)
        {
            write();
        }

        json.WriteEndObject();
    }

    private static void AddAnthropic(Utf8JsonWriter json, ChatRequest request, ClaudeThinking thinking, List<(string, Action)> fields)
    {
        if (request.TopK is { } topK)
        {
            fields.Add(("top_k", () => json.WriteNumber("top_k", topK)));
        }

        if (thinking.Type is not null)
        {
            fields.Add(("thinking", () => thinking.Write(json)));
        }

        // Anthropic's own words, which they know here too.
        if (thinking.Effort is { } effort)
        {
            fields.Add(
                (
                    "output_config",
                    () =>
                    {
                        json.WriteStartObject("output_config");
                        json.WriteString("effort", effort);
                        json.WriteEndObject();
                    }
                )
            );
        }
    }

    /// <summary>Source: https://docs.aws.amazon.com/nova/latest/nova2-userguide/request-response-schema.html.</summary>
    private static void AddNova(Utf8JsonWriter json, ChatRequest request, List<(string, Action)> fields, Losses losses)
    {
        if (request.TopK is { } topK)
        {
            fields.Add(
                (
                    "inferenceConfig",
                    () =>
                    {
                        json.WriteStartObject("inferenceConfig");
                        json.WriteNumber("topK", topK);
                        json.WriteEndObject();
                    }
                )
            );
        }

        if (request.ThinkingBudget is not null)
        {
            losses.Add("thinking", "left out: Nova takes an effort, and no budget of tokens");
        }

        if (request.ReasoningEffort is not { } effort || effort == "none")
        {
            return;
        }

        // At the highest effort Nova takes no limit and no temperature, and both may be promised to somebody.
        var said = effort is "low" or "minimal" ? "low" : "medium";
        if (said != effort)
        {
            losses.Add("reasoning_effort", $"'{effort}' was said as '{said}'");
        }

        fields.Add(
            (
                "reasoningConfig",
                () =>
                {
                    json.WriteStartObject("reasoningConfig");
                    json.WriteString("type", "enabled");
                    json.WriteString("maxReasoningEffort", said);
                    json.WriteEndObject();
                }
            )
        );
    }

    /// <summary>What a caller of this wire said himself.</summary>
    private static void AddOwn(Utf8JsonWriter json, ChatRequest request, List<(string Name, Action Write)> fields)
    {
        if (
            request.Origin != WireKind.BedrockConverse
            || request.Extensions.FirstOrDefault(e => e.Key == Member).Value is not { ValueKind: JsonValueKind.Object } own
        )
        {
            return;
        }

        foreach (var member in own.Members().Where(m => !fields.Exists(f => f.Name == m.Name)))
        {
            fields.Add((member.Name, () => member.WriteTo(json)));
        }
    }
}
