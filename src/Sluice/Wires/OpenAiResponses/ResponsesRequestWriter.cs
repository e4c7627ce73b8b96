using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Writes a Responses request; what it cannot say is reported.</summary>
internal sealed class ResponsesRequestWriter(ICollection<Degradation> degradations)
{
    /// <summary>Members that Chat Completions and this wire have in common, under the same name.</summary>
    private static readonly string[] Shared = ["metadata", "safety_identifier", "prompt_cache_retention"];

    private readonly Losses _losses = new("Responses", degradations);

    public void Write(ChatRequest request, Target target, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        json.WriteString("model", target.Model);
        WriteInstructions(json, request);
        json.WriteStartArray("input");
        new InputWriter(json, _losses).Write(request.Messages);
        json.WriteEndArray();
        ResponsesToolsWriter.Write(json, request, _losses);
        ResponsesSettingsWriter.Write(json, request, target, _losses);
        WriteExtensions(json, request);
        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
        }

        json.WriteEndObject();
    }

    private void WriteInstructions(Utf8JsonWriter json, ChatRequest request)
    {
        var texts = request.System.OfType<TextPart>().ToList();
        if (texts.Count > 0)
        {
            json.WriteString("instructions", string.Join('\n', texts.Select(t => t.Text)));
        }

        if (texts.Count < request.System.Count)
        {
            _losses.Add("system", "content other than text was left out of the instructions");
        }

        if (texts.Exists(t => t.Cache is not null))
        {
            _losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }
    }

    /// <summary>Some members stand inside an object here and are written with it.</summary>
    private void WriteExtensions(Utf8JsonWriter json, ChatRequest request)
    {
        foreach (var (name, value) in request.Extensions)
        {
            var (taken, elsewhere) = request.Origin switch
            {
                WireKind.OpenAiResponses => (true, name == "include" || name.Contains('.', StringComparison.Ordinal)),
                WireKind.OpenAiChat => (Shared.Contains(name), name == "verbosity"),
                _ => (false, false),
            };
            if (taken && !elsewhere)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
            else if (!elsewhere)
            {
                _losses.NoPlace(name);
            }
        }

        // How closely an image is to be looked at can be said here.
        foreach (var name in request.Unheld.Where(n => n != "messages.image_url.detail"))
        {
            _losses.NoPlace(name);
        }
    }
}
