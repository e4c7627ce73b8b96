using System.Text.Json;

namespace Sluice.Wires.Ollama;

/// <summary>A tool call in Ollama's words, the same in requests and answers.</summary>
internal static class OllamaCall
{
    public static void Write(Utf8JsonWriter json, int index, string id, string name, string arguments)
    {
        json.WriteStartObject();
        if (id.Length > 0)
        {
            json.WriteString("id", id);
        }

        json.WriteStartObject("function");
        json.WriteNumber("index", index);
        json.WriteString("name", name);
        json.WritePropertyName("arguments");
        ToolArguments.Write(json, arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
