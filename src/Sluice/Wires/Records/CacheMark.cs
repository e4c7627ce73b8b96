using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Wires.Records;

/// <summary>The mark up to which the provider caches the prompt.</summary>
/// <param name="Ttl">For how long, where it says: <c>5m</c>, <c>1h</c>.</param>
internal sealed record CacheMark(string? Ttl)
{
    /// <summary>Writes it as the member that Anthropic gave it.</summary>
    public static void Write(Utf8JsonWriter json, CacheMark? mark)
    {
        if (mark is null)
        {
            return;
        }

        json.WriteStartObject("cache_control");
        json.WriteString("type", "ephemeral");
        if (mark.Ttl is { } ttl)
        {
            json.WriteString("ttl", ttl);
        }

        json.WriteEndObject();
    }

    public static CacheMark? Of(JsonElement marked) => marked.Get("cache_control") is { } mark ? new CacheMark(mark.Text("ttl")) : null;
}
