using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Cli.Prices;

/// <summary>Writes prices as a part of a configuration, for others to extend.</summary>
internal static class PriceFragment
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(string format, IEnumerable<RefreshedModel> models)
    {
        var section = new JsonObject();
        foreach (var model in models)
        {
            section[model.Name] = Model(model);
        }

        return $"// Prices from {format}. Name this file under \"extends\" and put your own prices into your own file: they win.\n"
            + new JsonObject { ["models"] = section }.ToJsonString(Indented)
            + "\n";
    }

    /// <summary>A model that is known keeps its limits and abilities; of a new one the file tells what it can.</summary>
    private static JsonObject Model(RefreshedModel model)
    {
        var written = new JsonObject();
        if (model.Known is null)
        {
            Add(written, "contextWindow", model.Listed.ContextWindow);
            Add(written, "maxOutput", model.Listed.MaxOutput);
            Add(written, "tools", model.Listed.Tools);
            Add(written, "vision", model.Listed.Vision);
            Add(written, "reasoning", model.Listed.Reasoning);
        }

        written["price"] = PriceWords.Price(model.Price);
        if (model.Listed.Schedule.Count > 0)
        {
            written["schedule"] = PriceWords.Schedule(model.Listed.Schedule);
        }

        return written;
    }

    private static void Add<T>(JsonObject written, string name, T? value)
        where T : struct
    {
        if (value is { } known)
        {
            written[name] = JsonValue.Create(known);
        }
    }
}
