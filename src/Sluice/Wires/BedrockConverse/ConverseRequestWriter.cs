using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Writes a Converse request; what it cannot say is reported.</summary>
internal sealed class ConverseRequestWriter(Target target, ICollection<Degradation> degradations)
{
    private static readonly string[] Tiers = ["default", "flex", "priority", "reserved"];

    private readonly Losses _losses = new("Converse", degradations);
    private readonly ModelFamily _family = ModelFamilies.Of(target.Model);

    public void Write(ChatRequest request, IBufferWriter<byte> output)
    {
        request = WithoutRejected(request);
        var structured = StructuredAnswer.Of(request, _family, target.Model);
        var turns = Turns(request.Messages);
        var thinking = _family == ModelFamily.Anthropic ? ClaudeThinking.Of(request, target, turns, _losses) : null;
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        WriteMessages(json, turns);
        WriteSystem(json, request, structured);
        WriteInference(json, request, thinking?.Thinks == true);
        ConverseToolsWriter.Write(json, request, target.Model, structured, _losses);
        if (structured == StructuredAnswerKind.Native)
        {
            StructuredAnswer.WriteNative(json, request.Format!);
        }

        WriteTier(json, request);
        ModelFields.Write(json, request, target.Model, thinking, _losses);
        WriteExtensions(json, request);
        _losses.SettingsBut(
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
            "service_tier"
        );
        json.WriteEndObject();
    }

    private void WriteMessages(Utf8JsonWriter json, IReadOnlyList<Message> turns)
    {
        var content = new ConverseContentWriter(_losses);
        json.WriteStartArray("messages");
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role", turn.Role == Role.Assistant ? "assistant" : "user");
            json.WriteStartArray("content");
            // Results of tools stand first in a turn.
            content.Write(json, turn.Parts.Where(p => MaySay(turn.Role, p)).OrderBy(p => p is ToolResultPart ? 0 : 1));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private bool MaySay(Role role, Part part)
    {
        if (role == Role.Assistant && part is ImagePart or DocumentPart)
        {
            _losses.Add(part is ImagePart ? "image" : "document", "left out of an earlier turn: only users show something here");
            return false;
        }

        return true;
    }

    /// <summary>Turns alternate, and none is blank: what one side says in a row is one turn.</summary>
    private static List<Message> Turns(IReadOnlyList<Message> messages)
    {
        var turns = new List<Message>();
        foreach (var message in messages.Where(m => m.Role != Role.System && m.Parts.Any(p => !ConverseContentWriter.IsBlank(p))))
        {
            if (turns.Count > 0 && turns[^1].Role == message.Role)
            {
                turns[^1] = new Message(message.Role, [.. turns[^1].Parts, .. message.Parts]);
            }
            else
            {
                turns.Add(message);
            }
        }

        return turns;
    }

    private void WriteSystem(Utf8JsonWriter json, ChatRequest request, StructuredAnswerKind structured)
    {
        var late = request.Messages.Where(m => m.Role == Role.System).SelectMany(m => m.Parts).ToList();
        if (late.Count > 0)
        {
            _losses.Add("system", "a system message within the conversation was moved before it");
        }

        var parts = request.System.Concat(late).ToList();
        if (structured == StructuredAnswerKind.Prompted)
        {
            parts.Add(new TextPart(StructuredOutput.Prompt(request.Format!)));
            _losses.Add("response_format", "asked for in words: this model cannot be held to it");
        }

        if (parts.Count > 0)
        {
            json.WriteStartArray("system");
            new ConverseContentWriter(_losses).Write(json, parts);
            json.WriteEndArray();
        }
    }

    private void WriteInference(Utf8JsonWriter json, ChatRequest request, bool thinks)
    {
        json.WriteStartObject("inferenceConfig");
        if (request.MaxOutput is { } limit)
        {
            json.WriteNumber("maxTokens", limit);
        }

        if (Temperature(request, thinks) is { } temperature)
        {
            json.WriteNumber("temperature", temperature);
        }

        if (request.TopP is { } topP)
        {
            json.WriteNumber("topP", topP);
        }

        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stopSequences");
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Sampling that this model does not take. Everything else is the protocol's and not the model's.</summary>
    private ChatRequest WithoutRejected(ChatRequest request)
    {
        foreach (var name in target.Drops)
        {
            var kept = name switch
            {
                "temperature" => request with { Temperature = null },
                "top_p" => request with { TopP = null },
                "top_k" => request with { TopK = null },
                _ => request,
            };
            if (kept != request)
            {
                _losses.Add(name, "left out: the model does not take it");
                request = kept;
            }
        }

        return request;
    }

    private decimal? Temperature(ChatRequest request, bool thinks)
    {
        if (request.Temperature is not { } temperature)
        {
            return null;
        }

        if (thinks && temperature != 1)
        {
            _losses.Add("temperature", "left out: the model takes none while it thinks");
            return null;
        }

        if (temperature > 1)
        {
            _losses.Add("temperature", $"lowered from {temperature} to 1, the most Converse takes");
        }

        return Math.Min(1, temperature);
    }

    private void WriteTier(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.ServiceTier is not { } tier || tier == "auto")
        {
            return;
        }

        if (!Tiers.Contains(tier))
        {
            _losses.NoPlace("service_tier");
            return;
        }

        json.WriteStartObject("serviceTier");
        json.WriteString("type", tier);
        json.WriteEndObject();
    }

    private void WriteExtensions(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Origin != WireKind.BedrockConverse)
        {
            _losses.Extensions(request);
            return;
        }

        foreach (var (name, value) in request.Extensions.Where(e => e.Key != ModelFields.Member))
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }
}
