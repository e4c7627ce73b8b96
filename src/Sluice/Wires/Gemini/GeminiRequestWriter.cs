using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Writes a Gemini request; what it cannot say is reported.</summary>
internal sealed class GeminiRequestWriter(ICollection<Degradation> degradations)
{
    private readonly Losses _losses = new("Gemini", degradations);

    public void Write(ChatRequest request, Target target, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        var contents = new GeminiContentsWriter(json, request, target, _losses);
        json.WriteStartObject();
        contents.WriteSystem();
        contents.WriteTurns();
        GeminiToolsWriter.Write(json, request, _losses);
        GeminiSettingsWriter.Write(json, request, target, _losses);
        WriteServiceTier(json, request.ServiceTier);
        if (request.Origin == WireKind.Gemini)
        {
            foreach (var (name, value) in request.Extensions.Where(e => !e.Key.Contains('.', StringComparison.Ordinal)))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            foreach (var name in request.Unheld)
            {
                _losses.NoPlace(name);
            }
        }
        else
        {
            _losses.Extensions(request);
        }

        json.WriteEndObject();
    }

    private void WriteServiceTier(Utf8JsonWriter json, string? tier)
    {
        switch (tier)
        {
            case null or "auto":
                break;
            case "default" or "standard" or "standard_only":
                json.WriteString("serviceTier", "standard");
                break;
            case "flex" or "priority":
                json.WriteString("serviceTier", tier);
                break;
            default:
                _losses.NoPlace("service_tier");
                break;
        }
    }
}
