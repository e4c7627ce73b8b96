using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sluice.Catalog;

namespace Sluice;

/// <summary>A tool that a provider runs itself, in the words of its own protocol. Targets of other protocols do without it, and the receipt says so.</summary>
/// <remarks>Hosted tools of Microsoft.Extensions.AI, such as <see cref="HostedWebSearchTool"/>, are understood by more than one.</remarks>
/// <example><code>new ProviderTool(WireKind.AnthropicMessages, new JsonObject { ["type"] = "web_fetch_20250910", ["name"] = "web_fetch" })</code></example>
/// <param name="wire">The protocol it belongs to.</param>
/// <param name="definition">The tool as it stands in a request's list of tools.</param>
public sealed class ProviderTool(WireKind wire, JsonObject definition) : AITool
{
    /// <summary>The protocol it belongs to.</summary>
    public WireKind Wire { get; } = wire;

    /// <summary>The tool as it stands in a request's list of tools.</summary>
    public JsonElement Definition { get; } = JsonElement.Parse(definition.ToJsonString());

    /// <summary>Its name there, else its type.</summary>
    public override string Name =>
        Text("name") ?? Text("type") ?? Definition.EnumerateObject().Select(m => m.Name).FirstOrDefault() ?? base.Name;

    private string? Text(string member) =>
        Definition.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
